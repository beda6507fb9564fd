package mooring.core;

import java.time.Instant;
import java.util.Map;

/**
 * What is asked of a database beyond what it is.
 *
 * @param parameters PostgreSQL settings asked for by name, over those that follow from its size
 * @param restartedAt when its last restart was asked for; null for never
 * @param retentionDays how long its daily backups are kept; 0 when none are made
 * @param recovery what its present servers were made from; null when they began empty
 * @param lineage which servers carry it
 * @param pooler when its connection pooler gives a connection to another client; null for no pooler
 * @param image of the newest minor version that it was updated to; null before the first update
 * @param replication how standbys follow, where there are any
 * @param policy the rules it is kept by
 * @param pools the connection pools within it
 */
public record Setup(
    Map<String, String> parameters,
    Instant restartedAt,
    int retentionDays,
    Recovery recovery,
    Lineage lineage,
    PoolMode pooler,
    String image,
    Replication replication,
    Policy policy,
    Pools pools) {

  /** Nothing beyond. */
  public static final Setup NONE = new Setup(Map.of(), null, 0, null);

  public Setup {
    parameters = Map.copyOf(parameters);
  }

  /** Of a database that was never restored in place, without a pooler. */
  public Setup(
      Map<String, String> parameters, Instant restartedAt, int retentionDays, Recovery recovery) {
    this(
        parameters,
        restartedAt,
        retentionDays,
        recovery,
        Lineage.FIRST,
        null,
        null,
        Replication.ASYNCHRONOUS,
        Policy.NONE,
        Pools.NONE);
  }

  /** With other settings. */
  public Setup withParameters(Map<String, String> changed) {
    return new Setup(
        changed,
        restartedAt,
        retentionDays,
        recovery,
        lineage,
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** With a restart asked for. */
  public Setup withRestartAt(Instant time) {
    return new Setup(
        parameters,
        time,
        retentionDays,
        recovery,
        lineage,
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** Made from something. */
  public Setup recoveredFrom(Recovery origin) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        origin,
        lineage,
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** With another retention. */
  public Setup withRetention(int days) {
    return new Setup(
        parameters,
        restartedAt,
        days,
        recovery,
        lineage,
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** With a connection pooler, or for null with none. */
  public Setup withPooler(PoolMode mode) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        recovery,
        lineage,
        mode,
        image,
        replication,
        policy,
        pools);
  }

  /** Updated to another image, by a restart. */
  Setup updated(String newer, Instant now) {
    return new Setup(
        parameters,
        now,
        retentionDays,
        recovery,
        lineage,
        pooler,
        newer,
        replication,
        policy,
        pools);
  }

  /** With other servers wanted, that are made from something. */
  Setup restoredFrom(Recovery origin, String version, Instant now) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        origin,
        lineage.next(version, retentionDays, recovery, now),
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** With another version wanted, in an archive of its own. */
  Setup upgraded(String before, Instant now) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        recovery,
        lineage.upgraded(before, retentionDays, recovery, now),
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** With the servers, or the version, of before wanted again. */
  Setup reverted() {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        lineage.previous().recovery(),
        lineage.back(),
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** As a read replica of another database, or as what has been one. */
  public Setup replicaOf(ReplicaOf origin) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        recovery,
        lineage.of(origin),
        pooler,
        image,
        replication,
        policy,
        pools);
  }

  /** With standbys that follow in another way. */
  public Setup withReplication(Replication mode) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        recovery,
        lineage,
        pooler,
        image,
        mode,
        policy,
        pools);
  }

  /** Kept by other rules. */
  public Setup withPolicy(Policy rules) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        recovery,
        lineage,
        pooler,
        image,
        replication,
        rules,
        pools);
  }

  /** With other connection pools. */
  public Setup withPools(Pools other) {
    return new Setup(
        parameters,
        restartedAt,
        retentionDays,
        recovery,
        lineage,
        pooler,
        image,
        replication,
        policy,
        other);
  }
}
