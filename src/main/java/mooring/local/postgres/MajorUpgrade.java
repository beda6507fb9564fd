package mooring.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's own upgrade of data to a newer major version. It needs programs that are not brought
 * along: those of both versions as Debian installs them.
 *
 * @param before the programs of the version that the data is of
 * @param after the programs of the version that it is to be of
 */
public record MajorUpgrade(Path before, Path after) {
  private static final Logger log = LoggerFactory.getLogger(MajorUpgrade.class);
  private static final Path SYSTEM = Path.of("/usr/lib/postgresql");
  private static final String NEW_DATA = "--new-datadir=";
  private static final Duration LIMIT = Duration.ofHours(6);
  private static final int CHECKSUMS_BY_DEFAULT = 18;

  /**
   * What can be done on this machine.
   *
   * @param from the version that the data is of
   * @param to the version that it is to be of
   * @return empty when that would be a step back, or programs are missing
   */
  public static Optional<MajorUpgrade> between(int from, int to) {
    MajorUpgrade upgrade = new MajorUpgrade(programs(from), programs(to));
    return to > from && missing(from, to).isEmpty() ? Optional.of(upgrade) : Optional.empty();
  }

  /** Which programs an upgrade lacks here, for a human; empty when they are there. */
  public static Optional<String> missing(int from, int to) {
    List<String> majors = new ArrayList<>();
    if (!are(programs(from), "postgres", "pg_controldata")) {
      majors.add(Integer.toString(from));
    }
    if (!are(programs(to), "initdb", "pg_upgrade")) {
      majors.add(Integer.toString(to));
    }
    return majors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the programs of PostgreSQL " + String.join(" and ", majors) + " are not in " + SYSTEM);
  }

  private static Path programs(int major) {
    return SYSTEM.resolve(Integer.toString(major)).resolve("bin");
  }

  private static boolean are(Path directory, String... programs) {
    return Arrays.stream(programs).map(directory::resolve).allMatch(Files::isExecutable);
  }

  /**
   * Does it; until it has succeeded the data stays as it is, and the server can be started on it.
   *
   * @param data what a server has ended on in order
   * @throws PostgresException when it fails; the message holds what PostgreSQL said
   */
  public void run(DataDirectory data) {
    if (!data.isShutDown()) {
      throw new PostgresException("the server has not ended in order");
    }
    Path unfinished = unfinished(data.path());
    Path sockets = null;
    try {
      Directories.delete(unfinished);
      sockets = Files.createTempDirectory("mooring-"); // its path has to be short
      create(data, unfinished);
      new ServerConfiguration(new TreeMap<>(), List.of("local all all trust")).writeTo(data.path());
      upgrade(data.path(), unfinished, sockets);
      PhysicalCopy.sync(unfinished);
      Directories.moveDurably(unfinished, finished(data.path()));
      finish(data);
    } catch (IOException e) {
      throw new PostgresException("cannot upgrade " + data.path(), e);
    } finally {
      endServers(List.of(data.path(), unfinished));
      remove(unfinished);
      if (sockets != null) {
        remove(sockets);
      }
    }
  }

  /** What pg_upgrade has started is nobody's child once that is stopped in its middle. */
  private static void endServers(List<Path> directories) {
    boolean interrupted = Thread.interrupted(); // or nothing would be waited for
    try {
      for (Path directory : directories) {
        try {
          boolean unused = LeftOverServer.stop(directory);
        } catch (PostgresException e) {
          log.atError().addKeyValue("directory", directory).setCause(e).log("A server goes on");
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void create(DataDirectory data, Path unfinished) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--pgdata=" + unfinished,
                "--username=" + Bootstrap.SUPERUSER,
                "--auth=trust", // there is no way in but a socket in a private directory
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions"));
    boolean checksums =
        !new ShortCommand(command(before, "pg_controldata", List.of(data.path().toString())))
            .output()
            .lines()
            .filter(line -> line.startsWith("Data page checksum version:"))
            .allMatch(line -> line.endsWith(" 0"));
    if (checksums) {
      arguments.add("--data-checksums");
    } else if (after.startsWith(programs(CHECKSUMS_BY_DEFAULT))) {
      arguments.add("--no-data-checksums");
    }
    new ShortCommand(command(after, "initdb", arguments)).run("");
  }

  private void upgrade(Path data, Path unfinished, Path sockets) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\""));
    command.add(sockets.toString()); // where it leaves a script that nobody needs
    command.addAll(
        command(
            after,
            "pg_upgrade",
            List.of(
                "--old-bindir=" + before,
                "--new-bindir=" + after,
                "--old-datadir=" + data,
                NEW_DATA + unfinished,
                "--socketdir=" + sockets,
                "--username=" + Bootstrap.SUPERUSER)));
    new ShortCommand(command, LIMIT).run("");
  }

  private static List<String> command(Path programs, String program, List<String> arguments) {
    List<String> command = new ArrayList<>(ServerAccount.commandPrefix());
    command.add(programs.resolve(program).toString());
    command.addAll(arguments);
    return command;
  }

  /**
   * Puts upgraded data in the place of the old, if an earlier run has come as far.
   *
   * @param data where it belongs
   * @throws PostgresException when it cannot be put there
   */
  public static void finish(DataDirectory data) {
    Path finished = finished(data.path());
    try {
      if (Files.isDirectory(finished)) {
        Directories.delete(data.path());
        Directories.moveDurably(finished, data.path());
      }
    } catch (IOException e) {
      throw new PostgresException("cannot put " + finished + " into its place", e);
    }
  }

  /**
   * Ends what an earlier run left in the middle of this: the program, which would go on to write
   * where another run does, and its server.
   *
   * @param dataDirectory the data that was to be upgraded
   * @return whether there was a server
   */
  public static boolean stopLeftOver(Path dataDirectory) {
    Path unfinished = unfinished(dataDirectory);
    if (Files.exists(unfinished)) {
      ProcessHandle.allProcesses()
          .filter(process -> writesTo(unfinished, process.info()))
          .forEach(ShortCommand::end);
    }
    return LeftOverServer.stop(unfinished);
  }

  private static boolean writesTo(Path unfinished, ProcessHandle.Info info) {
    return info.arguments()
        .filter(arguments -> List.of(arguments).contains(NEW_DATA + unfinished))
        .isPresent();
  }

  private static Path unfinished(Path dataDirectory) {
    return dataDirectory.resolveSibling(dataDirectory.getFileName() + ".upgrading");
  }

  private static Path finished(Path dataDirectory) {
    return dataDirectory.resolveSibling(dataDirectory.getFileName() + ".upgraded");
  }

  private static void remove(Path path) {
    try {
      Directories.delete(path);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + path, e);
    }
  }
}
