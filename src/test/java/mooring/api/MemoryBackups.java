package mooring.api;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import mooring.core.BackupObservations;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import mooring.core.SeenBackup;

/** Backups as the store keeps them and the platform shows them, set by hand. */
public final class MemoryBackups implements BackupStore, BackupObservations {
  public final Map<UUID, Instant> first = new ConcurrentHashMap<>();
  public final List<SeenBackup> seen = new CopyOnWriteArrayList<>();
  public volatile boolean offered = true;
  private final List<BackupRequest> requests = new CopyOnWriteArrayList<>();

  @Override
  public boolean offered() {
    return offered;
  }

  @Override
  public List<SeenBackup> of(Instance instance) {
    return seen.stream().filter(one -> one.instance().equals(instance.id())).toList();
  }

  @Override
  public Optional<Instant> firstRecoverable(Instance instance) {
    return Optional.ofNullable(first.get(instance.id()));
  }

  @Override
  public Single<BackupRequest> create(
      Instance instance, String name, Duration deadline, UUID requestedBy) {
    BackupRequest request =
        new BackupRequest(
            UUID.randomUUID(),
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()),
            instance.id(),
            name,
            Outcome.RUNNING,
            null,
            null,
            0,
            Instant.now(),
            Instant.now().plus(deadline),
            null);
    requests.add(request);
    return Single.just(request);
  }

  @Override
  public Single<List<BackupRequest>> list(UUID instance) {
    return Single.fromSupplier(
        () ->
            requests.stream()
                .filter(one -> one.instance().equals(instance))
                .sorted(Comparator.comparing(BackupRequest::requestedAt).reversed())
                .toList());
  }

  @Override
  public Maybe<BackupRequest> remove(Instance instance, String shortId, UUID requestedBy) {
    Optional<BackupRequest> found =
        requests.stream().filter(one -> one.shortId().equals(shortId)).findFirst();
    found.ifPresent(requests::remove);
    return Maybe.fromOptional(found);
  }

  /** Ends the backups under way of a database. */
  public void finish(UUID instance) {
    requests.replaceAll(
        one ->
            one.instance().equals(instance) && one.outcome() == Outcome.RUNNING
                ? finished(one)
                : one);
  }

  private static BackupRequest finished(BackupRequest one) {
    Instant begun = one.requestedAt();
    return new BackupRequest(
        one.id(),
        one.shortId(),
        one.instance(),
        one.name(),
        Outcome.SUCCEEDED,
        null,
        new BackupRequest.Result("20260317T100000", 4_096, begun, begun.plusSeconds(9)),
        1,
        begun,
        one.deadline(),
        null);
  }

  @Override
  public Single<List<BackupRequest>> claim(String owner, Duration lease, int limit) {
    throw new UnsupportedOperationException("no worker here");
  }

  @Override
  public Single<Boolean> renew(BackupRequest claimed, Duration lease) {
    throw new UnsupportedOperationException("no worker here");
  }

  @Override
  public Single<BackupRequest> end(
      BackupRequest claimed, Outcome outcome, String reason, BackupRequest.Result result) {
    throw new UnsupportedOperationException("no worker here");
  }

  @Override
  public Single<BackupRequest> gone(BackupRequest claimed) {
    throw new UnsupportedOperationException("no worker here");
  }
}
