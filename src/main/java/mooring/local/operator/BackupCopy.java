package mooring.local.operator;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mooring.local.postgres.Directories;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.WalArchive;

/**
 * A finished backup on disk: {@code data}, the {@code wal} it needs, and {@code backup.json}.
 *
 * @param directory where it is
 * @param uid of the Backup object it belongs to
 * @param major the version of its data
 * @param beginWal the first segment it needs
 * @param endWal the last one
 * @param startedAt when it was begun, by the operator's clock
 * @param stoppedAt when it was whole, by the operator's clock
 * @param consistentAt the earliest time it can be recovered to, by the server's clock
 * @param sizeBytes of all its files
 */
record BackupCopy(
    Path directory,
    String uid,
    int major,
    String beginWal,
    String endWal,
    Instant startedAt,
    Instant stoppedAt,
    Instant consistentAt,
    long sizeBytes) {
  private static final String FACTS = "backup.json";

  /** Its identifier: the name of its directory. */
  String id() {
    return directory.getFileName().toString();
  }

  Path data() {
    return directory.resolve("data");
  }

  WalArchive wal() {
    return new WalArchive(directory.resolve("wal"));
  }

  /** Notes the facts in another directory, which is about to be renamed to this one's name. */
  void describe(Path unfinished) throws IOException {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("uid", uid);
    facts.put("major", major);
    facts.put("beginWal", beginWal);
    facts.put("endWal", endWal);
    facts.put("startedAt", startedAt.toString());
    facts.put("stoppedAt", stoppedAt.toString());
    facts.put("consistentAt", consistentAt.toString());
    facts.put("sizeBytes", Long.toString(sizeBytes));
    Directories.writePrivately(unfinished.resolve(FACTS), Serialization.asJson(facts));
  }

  /** Empty when there is no finished backup in a directory. */
  static Optional<BackupCopy> in(Path directory) {
    Path file = directory.resolve(FACTS);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Map<?, ?> facts = Serialization.unmarshal(Files.readString(file), Map.class);
      return Optional.of(
          new BackupCopy(
              directory,
              text(facts, "uid"),
              ((Number) facts.get("major")).intValue(),
              text(facts, "beginWal"),
              text(facts, "endWal"),
              Instant.parse(text(facts, "startedAt")),
              Instant.parse(text(facts, "stoppedAt")),
              Instant.parse(text(facts, "consistentAt")),
              Long.parseLong(text(facts, "sizeBytes"))));
    } catch (IOException e) {
      throw new PostgresException("cannot read " + file, e);
    }
  }

  private static String text(Map<?, ?> facts, String name) {
    return String.valueOf(facts.get(name));
  }
}
