package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import mooring.core.Administered;
import mooring.core.Applied;
import mooring.core.Contents;
import mooring.core.Credentials;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.MigrationPart;
import mooring.core.MigrationProgress;
import mooring.core.Platform;
import mooring.core.PlatformRefusedException;

/** A platform whose faults and delays a test decides on: no real one fails on command. */
final class ScriptedPlatform implements Platform {
  private final Map<UUID, Integer> present = new ConcurrentHashMap<>();
  private final Map<UUID, Login> logins = new ConcurrentHashMap<>();
  private final Map<UUID, Instance> wishes = new ConcurrentHashMap<>();
  private final Map<UUID, Long> objects = new ConcurrentHashMap<>();
  private final Map<UUID, Integer> writes = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong(10);
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger applies = new AtomicInteger();
  private final AtomicInteger unblocked = new AtomicInteger();
  private final AtomicInteger administers = new AtomicInteger();
  private volatile Administered within = new Administered(true, 1, null);
  private volatile Map<UUID, String> rolePasswords = Map.of();
  private volatile Contents takenBack;
  private volatile PlatformRefusedException refusal;
  private final AtomicReference<CountDownLatch> next = new AtomicReference<>();
  private volatile CountDownLatch held;
  private volatile boolean holding;

  /** What operates the platform writes what it has done; returns the version of that. */
  long operate(UUID instance) {
    long written = version.incrementAndGet();
    objects.put(instance, written);
    return written;
  }

  /** The password that was applied last, and its version. */
  record Login(String password, long version) {}

  /** What was applied last for the owner; null for nothing. */
  Login login(UUID instance) {
    return logins.get(instance);
  }

  void failNext(int times) {
    failures.set(times);
  }

  void refuse(PlatformRefusedException with) {
    refusal = with;
  }

  /** Holds the next apply, until it is released. */
  void hold() {
    held = new CountDownLatch(1);
    next.set(held);
  }

  /** Whether one is held, or was released and has not ended. */
  boolean holding() {
    return holding;
  }

  void release() {
    held.countDown();
  }

  /** Something is there that takes so many deletes to go. */
  void bringBack(UUID instance, int deletes) {
    present.put(instance, deletes);
  }

  boolean applied(UUID instance) {
    return present.containsKey(instance);
  }

  boolean deleted(UUID instance) {
    return !present.containsKey(instance);
  }

  int applies() {
    return applies.get();
  }

  /** How often it was asked to take away what is in the way. */
  int unblocked() {
    return unblocked.get();
  }

  long version() {
    return version.get();
  }

  /** What is said of roles and logical databases from now on. */
  void within(Administered answer) {
    within = answer;
  }

  /** How often roles and logical databases were asked for. */
  int administers() {
    return administers.get();
  }

  /** The passwords that were given last. */
  Map<UUID, String> rolePasswords() {
    return rolePasswords;
  }

  /** What was taken back last; null for nothing. */
  Contents takenBack() {
    return takenBack;
  }

  @Override
  public Single<Administered> administer(
      Instance instance, Map<UUID, String> passwords, Fence fence) {
    return Single.fromCallable(
        () -> {
          // Before it is counted: what is said after that is of the next look.
          Administered answer = within;
          rolePasswords = passwords;
          administers.incrementAndGet();
          return answer;
        });
  }

  @Override
  public Single<Boolean> takeBack(Instance instance, Map<UUID, String> passwords, Fence fence) {
    return Single.fromCallable(
        () -> {
          rolePasswords = passwords;
          takenBack = instance.contents();
          return true;
        });
  }

  @Override
  public Single<Applied> apply(Instance instance, Credentials credentials, Fence fence) {
    return Single.fromCallable(() -> applyNow(instance, credentials, fence))
        .subscribeOn(Schedulers.io());
  }

  @Override
  public Completable unblock(Instance instance, Fence fence) {
    return Completable.fromAction(unblocked::incrementAndGet);
  }

  private Applied applyNow(Instance instance, Credentials credentials, Fence fence)
      throws InterruptedException {
    applies.incrementAndGet();
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("the platform is away");
    }
    Integer read = writes.get(instance.id());
    askLeave(fence);
    CountDownLatch latch = next.getAndSet(null);
    if (latch != null) {
      holding = true;
      latch.await();
      try {
        return write(instance, credentials, fence, read);
      } finally {
        holding = false;
      }
    }
    return write(instance, credentials, fence, read);
  }

  private Applied write(Instance instance, Credentials credentials, Fence fence, Integer read) {
    if (!Objects.equals(read, writes.get(instance.id()))) {
      // It is no longer as it was when leave was given, so that is asked for again.
      askLeave(fence);
    }
    Login before = logins.get(instance.id());
    Login login =
        before != null && before.password().equals(credentials.password())
            ? before
            : new Login(credentials.password(), version.incrementAndGet());
    logins.put(instance.id(), login);
    writes.merge(instance.id(), 1, Integer::sum);
    if (refusal != null) {
      throw refusal;
    }
    present.put(instance.id(), 1);
    Instance wish = wishes.put(instance.id(), instance);
    boolean changed = wish == null || !sameWish(wish, instance);
    if (changed) {
      objects.put(instance.id(), version.incrementAndGet());
    }
    return new Applied(objects.get(instance.id()), changed, login.version());
  }

  private static void askLeave(Fence fence) {
    long unused = fence.token().blockingGet();
  }

  private static boolean sameWish(Instance one, Instance other) {
    return one.spec().equals(other.spec())
        && one.desired() == other.desired()
        && one.setup().equals(other.setup());
  }

  private final Map<String, MigrationProgress> migrations = new ConcurrentHashMap<>();
  private final List<String> migrated = new CopyOnWriteArrayList<>();

  /** How a part of a migration stands from now on: the copy of a database; null for the list. */
  void migrating(String database, MigrationProgress progress) {
    migrations.put(database == null ? "" : database, progress);
  }

  private final Map<String, MigrationProgress> anew = new ConcurrentHashMap<>();

  /** How the copy of a database stands once what was begun before has ended. */
  void migratingAnew(String database, MigrationProgress progress) {
    anew.put(database, progress);
  }

  /** Why what copies does not end, empty for nothing that is told; null while it does. */
  volatile String lingering;

  /** What was asked for of migrations, each once in a row. */
  List<String> migrated() {
    return migrated;
  }

  @Override
  public Single<MigrationProgress> migrate(Instance instance, MigrationPart part, Fence fence) {
    return Single.fromCallable(
        () -> {
          String what = part.database() == null ? "list" : part.copy() + " " + part.database();
          migrated.add(what + " " + part.address() + " " + part.password());
          return migrations.get(part.database() == null ? "" : part.database());
        });
  }

  @Override
  public Single<Boolean> endMigration(Instance instance, Fence fence) {
    return Single.fromCallable(
        () -> {
          migrated.add("end");
          if (lingering == null) {
            migrations.putAll(anew);
            return true;
          }
          if (lingering.isEmpty()) {
            return false;
          }
          throw new PlatformRefusedException(lingering);
        });
  }

  /** What was done for restores in place, in order. */
  final List<String> succession = new CopyOnWriteArrayList<>();

  /** Whether the servers before have gone down. */
  volatile boolean quiet = true;

  /** Whether clients are led to the new servers. */
  volatile boolean led;

  /** Whether the servers before have gone. */
  volatile boolean replaced = true;

  @Override
  public Single<Boolean> quiesce(Instance instance, Fence fence) {
    return Single.fromCallable(
            () -> {
              askLeave(fence);
              note("quiesce");
              return quiet;
            })
        .subscribeOn(Schedulers.io());
  }

  @Override
  public Single<Boolean> handOver(Instance restored, Fence fence) {
    return Single.fromCallable(
            () -> {
              askLeave(fence);
              note("hand over");
              led = true;
              return replaced;
            })
        .subscribeOn(Schedulers.io());
  }

  @Override
  public Single<Return> giveBack(Instance restored, Fence fence) {
    return Single.fromCallable(
            () -> {
              askLeave(fence);
              note("give back");
              return led ? Return.TOO_LATE : replaced ? Return.DONE : Return.UNDER_WAY;
            })
        .subscribeOn(Schedulers.io());
  }

  /** Why the platform has given up on an upgrade; null while it has not. */
  volatile String fault;

  /** What an upgrade lacks; null for nothing. */
  volatile String obstacle;

  @Override
  public Maybe<String> upgradeObstacle(Instance instance, String version) {
    return Maybe.fromCallable(
        () ->
            obstacle == null ? null : instance.spec().version() + "-" + version + ": " + obstacle);
  }

  /** What an undone upgrade comes to. */
  volatile Return back = Return.DONE;

  @Override
  public Maybe<String> upgradeFault(Instance upgraded) {
    return Maybe.fromCallable(() -> fault);
  }

  @Override
  public Single<Boolean> settle(Instance upgraded, Fence fence) {
    return Single.fromCallable(
            () -> {
              askLeave(fence);
              note("settle " + upgraded.archiveName());
              return replaced;
            })
        .subscribeOn(Schedulers.io());
  }

  @Override
  public Single<Return> downgrade(Instance upgraded, Fence fence) {
    return Single.fromCallable(
            () -> {
              askLeave(fence);
              note("downgrade");
              return back;
            })
        .subscribeOn(Schedulers.io());
  }

  private void note(String what) {
    if (succession.isEmpty() || !succession.get(succession.size() - 1).equals(what)) {
      succession.add(what);
    }
  }

  @Override
  public Single<Boolean> delete(Instance instance, Fence fence) {
    return Single.fromCallable(
        () ->
            present.computeIfPresent(instance.id(), (id, left) -> left > 1 ? left - 1 : null)
                == null);
  }
}
