package mooring.local.pods;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.local.postgres.Directories;

/** What is kept for one Pod while it is there, beside its volumes. */
final class PodDirectory {
  private static final long MAX_LOG_BYTES = 10L << 20;
  private static final int LAST_LINES = 6;
  private static final int MAX_TAIL_BYTES = 4096;

  private final Path path;

  PodDirectory(PodsConfig config, String pod) {
    path = config.pods().resolve(pod);
  }

  Path path() {
    return path;
  }

  Path mounts() {
    return path.resolve("mounts");
  }

  Path programs() {
    return path.resolve("bin");
  }

  Path log() {
    return path.resolve("output.log");
  }

  Path pidFile() {
    return path.resolve("pid");
  }

  /** The files that a start writes anew. */
  void clearFiles() {
    try {
      Directories.createPrivate(path);
      Directories.delete(mounts());
      Directories.delete(programs());
    } catch (IOException e) {
      throw new PodsException("cannot clear " + path, e);
    }
  }

  void writePrograms(Map<String, String> scripts) {
    try {
      Directories.createPrivate(programs());
      for (Map.Entry<String, String> script : scripts.entrySet()) {
        Path file = programs().resolve(script.getKey());
        Directories.writePrivately(file, "#!/bin/sh\n" + script.getValue() + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new PodsException("cannot write " + programs(), e);
    }
  }

  void keepPreviousLog() {
    try {
      if (Files.exists(log())) {
        Files.move(log(), path.resolve("output.log.previous"), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new PodsException("cannot rename " + log(), e);
    }
  }

  /** Past 10 MiB the log begins anew. */
  void limitLog() {
    try {
      if (Files.exists(log()) && Files.size(log()) > MAX_LOG_BYTES) {
        try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
          channel.truncate(0); // whoever writes to it appends
        }
      }
    } catch (IOException e) {
      throw new PodsException("cannot shorten " + log(), e);
    }
  }

  /** The end of what the container wrote, without the secrets that it was given. */
  String lastWords(Iterable<String> secrets) {
    String text;
    try (FileChannel channel = FileChannel.open(log())) {
      long start = Math.max(0, channel.size() - MAX_TAIL_BYTES);
      ByteBuffer buffer = ByteBuffer.allocate((int) (channel.size() - start));
      channel.read(buffer, start);
      text = new String(buffer.array(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
    for (String secret : secrets) {
      text = text.replace(secret, "***");
    }
    List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - LAST_LINES))
        .collect(Collectors.joining("; "));
  }

  void delete() {
    try {
      Directories.delete(path);
    } catch (IOException e) {
      throw new PodsException("cannot remove " + path, e);
    }
  }

  /** The names of the Pods that something is kept for. */
  static List<String> names(PodsConfig config) {
    if (!Files.isDirectory(config.pods())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(config.pods())) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new PodsException("cannot list " + config.pods(), e);
    }
  }
}
