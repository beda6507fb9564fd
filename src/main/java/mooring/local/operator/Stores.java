package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mooring.local.postgres.PostgresException;

/**
 * The object stores of the namespace as directories: {@code
 * {directory}/object_stores/{namespace}/{store}/{server}/}. No namespace is named with an
 * underscore, so they meet no data directory.
 */
final class Stores {
  private final Path root;
  private final Map<ArchiveTarget, Integer> readers = new ConcurrentHashMap<>();

  Stores(OperatorConfig config) {
    root = root(config);
  }

  static Path root(OperatorConfig config) {
    return config.directory().resolve("object_stores").resolve(config.namespace());
  }

  ServerArchive of(ArchiveTarget target) {
    return new ServerArchive(target, root.resolve(target.store()).resolve(target.serverName()));
  }

  /** Every server that a store holds something of. */
  List<ServerArchive> all() {
    List<ServerArchive> all = new ArrayList<>();
    for (Path store : list(root)) {
      for (Path server : list(store)) {
        all.add(
            of(new ArchiveTarget(store.getFileName().toString(), server.getFileName().toString())));
      }
    }
    return all;
  }

  /** Where the finished backup of a Backup object is. */
  Optional<ServerArchive> holderOf(String uid) {
    return all().stream().filter(archive -> archive.copyOf(uid).isPresent()).findFirst();
  }

  /** Keeps a server's backups and log from being removed while something is done with them. */
  <T> T reading(ArchiveTarget target, Supplier<T> action) {
    readers.merge(target, 1, Integer::sum);
    try {
      return action.get();
    } finally {
      readers.computeIfPresent(target, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Does something that no reader may see, unless there is one; returns whether it was done. */
  boolean ifUnread(ArchiveTarget target, Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    readers.compute(
        target,
        (key, count) -> {
          if (count == null) {
            action.run();
            done.set(true);
          }
          return count;
        });
    return done.get();
  }

  private static List<Path> list(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new PostgresException("cannot list " + directory, e);
    }
  }
}
