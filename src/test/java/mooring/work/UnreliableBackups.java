package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.util.concurrent.atomic.AtomicInteger;
import mooring.core.BackupPlatform;
import mooring.core.BackupRequest;
import mooring.core.Instance;
import mooring.core.PlatformRefusedException;
import mooring.core.SeenBackup;

/** A real platform behind faults and delays that a test decides on. */
final class UnreliableBackups implements BackupPlatform {
  private final BackupPlatform real;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger removals = new AtomicInteger();
  private final AtomicInteger searches = new AtomicInteger();
  private volatile boolean refusing;
  private volatile boolean searchable = true;
  private volatile boolean holding;
  private volatile CompletableSubject gate = CompletableSubject.create();

  UnreliableBackups(BackupPlatform real) {
    this.real = real;
    gate.onComplete();
  }

  void failNext(int times) {
    failures.set(times);
  }

  int failuresLeft() {
    return failures.get();
  }

  int removals() {
    return removals.get();
  }

  /** How often it was asked where a backup is. */
  int searches() {
    return searches.get();
  }

  /** Whether it can be asked where a backup is. */
  void searchable(boolean now) {
    searchable = now;
  }

  void refuse() {
    refusing = true;
  }

  /** What is made from now on is under way until it is released. */
  void hold() {
    gate = CompletableSubject.create();
  }

  boolean holding() {
    return holding;
  }

  void release() {
    gate.onComplete();
  }

  @Override
  public Completable make(Instance instance, BackupRequest request) {
    return Completable.defer(
        () -> {
          if (refusing) {
            return Completable.error(new PlatformRefusedException("the Backup is refused (422)"));
          }
          fail();
          CompletableSubject current = gate;
          holding = !current.hasComplete();
          return current.andThen(real.make(instance, request));
        });
  }

  @Override
  public Maybe<SeenBackup> look(Instance instance, BackupRequest request) {
    return real.look(instance, request);
  }

  @Override
  public Maybe<Integer> archiveDays(Instance instance, SeenBackup backup) {
    searches.incrementAndGet();
    return searchable
        ? real.archiveDays(instance, backup)
        : Maybe.error(new IllegalStateException("the platform is away"));
  }

  @Override
  public Single<Boolean> forget(Instance deleted) {
    return real.forget(deleted);
  }

  @Override
  public Single<Boolean> remove(Instance instance, BackupRequest request) {
    return Single.defer(
        () -> {
          fail();
          removals.incrementAndGet();
          return real.remove(instance, request);
        });
  }

  private void fail() {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("the platform is away");
    }
  }
}
