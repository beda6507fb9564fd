package mooring.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which servers carry a database, counted from 1: a restore in place brings up others beside them,
 * with an archive of their own, and takes the old ones away once the new ones serve. An upgrade to
 * another major version keeps the servers and gives them another archive: log of one version is of
 * no use to another.
 *
 * @param generation the one that is wanted
 * @param last the highest that was ever asked for: none is used twice, since an archive takes in
 *     the log of one only
 * @param since when it, or its version, was asked for; null for the first
 * @param former what was before, the oldest first: a backup that is kept until it is deleted may be
 *     of any of them
 * @param replicaOf whose read replica the first ones were made as; null when they were not
 */
public record Lineage(
    int generation, int last, Instant since, List<Former> former, ReplicaOf replicaOf) {

  /** Of a database that was never restored in place. */
  public static final Lineage FIRST = new Lineage(1, 1, null, List.of(), null);

  public Lineage {
    former = List.copyOf(former);
  }

  /**
   * A generation, or a version of one, that is not wanted any more.
   *
   * @param since when it was asked for; null for the first
   * @param until when what follows was asked for
   * @param version of PostgreSQL, that its archive is of
   * @param retentionDays how long its archive is kept
   * @param recovery what it was made from; null when it began empty
   */
  public record Former(
      int generation,
      Instant since,
      Instant until,
      String version,
      int retentionDays,
      Recovery recovery) {

    /** Whether its archive is kept no longer. */
    public boolean expired(Instant now) {
      return !until.plus(Duration.ofDays(retentionDays)).isAfter(now);
    }
  }

  /** As a read replica of another one. */
  Lineage of(ReplicaOf origin) {
    return new Lineage(generation, last, since, former, origin);
  }

  /** The next generation; what the wanted one is made from becomes part of the past. */
  Lineage next(String version, int retentionDays, Recovery recovery, Instant now) {
    List<Former> past = new ArrayList<>(former);
    past.add(new Former(generation, since, now, version, retentionDays, recovery));
    return new Lineage(last + 1, last + 1, now, past, replicaOf);
  }

  /** The same generation with another version; that of before becomes part of the past. */
  Lineage upgraded(String version, int retentionDays, Recovery recovery, Instant now) {
    List<Former> past = new ArrayList<>(former);
    past.add(new Former(generation, since, now, version, retentionDays, recovery));
    return new Lineage(generation, last, now, past, replicaOf);
  }

  /** With what was before wanted again. */
  Lineage back() {
    Former before = previous();
    return new Lineage(
        before.generation(), last, before.since(), former.subList(0, former.size() - 1), replicaOf);
  }

  /** What was before. */
  Former previous() {
    if (former.isEmpty()) {
      throw new IllegalStateException("never restored in place or upgraded");
    }
    return former.get(former.size() - 1);
  }

  /** What was wanted at a moment; empty for what is wanted now. */
  Optional<Former> at(Instant moment) {
    return former.stream().filter(one -> moment.isBefore(one.until())).findFirst();
  }

  /** Whether a generation had another version before it had this one. */
  boolean upgraded(int generation, String version) {
    return former.stream()
        .filter(one -> one.generation() == generation)
        .findFirst()
        .filter(first -> !first.version().equals(version))
        .isPresent();
  }

  /** Every number that was ever used. */
  IntStream all() {
    return IntStream.rangeClosed(1, last);
  }
}
