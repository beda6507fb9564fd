package mooring.local.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * PostgreSQL's files of one server. A new one is made under another name and renamed when it is
 * complete, role and database included, so that one that exists is whole.
 */
public final class DataDirectory {
  /** Where the state of the cluster is in {@code pg_control}, and what it is after a shutdown. */
  private static final int CONTROL_STATE = 16;

  private static final int SHUT_DOWN = 1;

  /** Said first: what its owner has set for the database {@code postgres} is not to take part. */
  private static final List<String> OWN_SETTINGS =
      List.of(
          "SET search_path = pg_catalog",
          "SET ROLE NONE",
          "SET default_transaction_read_only = off",
          "SET statement_timeout = 0",
          "SET lock_timeout = 0");

  private final Path path;

  /**
   * Names a data directory, whether it exists yet or not.
   *
   * @param path where it is or will be
   */
  public DataDirectory(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  /** Returns the absolute path. */
  public Path path() {
    return path;
  }

  /**
   * The major version that its data is in.
   *
   * @return empty when there is none yet
   * @throws PostgresException when it is there and cannot be read
   */
  public OptionalInt major() {
    Path version = path.resolve("PG_VERSION");
    try {
      return Files.exists(version)
          ? OptionalInt.of(Integer.parseInt(Files.readString(version).trim()))
          : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      throw new PostgresException("cannot read " + version, e);
    }
  }

  /**
   * Whether a server ended on it in order, everything it had committed handed over to its archive.
   *
   * @return false as long as a server runs, and after a crash
   * @throws PostgresException when it cannot be read
   */
  public boolean isShutDown() {
    Path control = path.resolve("global").resolve("pg_control");
    try (FileChannel file = FileChannel.open(control)) {
      ByteBuffer state = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
      return file.read(state, CONTROL_STATE) == Integer.BYTES && state.getInt(0) == SHUT_DOWN;
    } catch (IOException e) {
      throw new PostgresException("cannot read " + control, e);
    }
  }

  /** Whether a server on it follows another one. */
  public boolean isStandby() {
    return Files.exists(path.resolve("standby.signal"));
  }

  /**
   * Makes it; takes about a second.
   *
   * @param installation the PostgreSQL to make it for
   * @param bootstrap what it holds from the start
   * @throws PostgresException when that fails; nothing is left behind then
   */
  public void create(PostgresInstallation installation, Bootstrap bootstrap) {
    Path unfinished = path.resolveSibling(path.getFileName() + ".unfinished");
    Path password = path.resolveSibling(path.getFileName() + ".password");
    try {
      Directories.delete(unfinished);
      Directories.writePrivately(password, bootstrap.superuserPassword() + "\n");
      initialise(installation, bootstrap, unfinished, password);
      runStatements(installation, bootstrap.statements(), unfinished);
      Directories.moveDurably(unfinished, path);
    } catch (IOException e) {
      throw new PostgresException("cannot make the data directory " + path, e);
    } finally {
      removeQuietly(password);
      removeQuietly(unfinished);
    }
  }

  private static void initialise(
      PostgresInstallation installation, Bootstrap bootstrap, Path directory, Path password) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--pgdata=" + directory,
                "--username=" + Bootstrap.SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--encoding=" + bootstrap.encoding(),
                "--locale=C",
                "--lc-collate=" + bootstrap.collate(),
                "--lc-ctype=" + bootstrap.characterType(),
                "--no-instructions"));
    if (bootstrap.checksums()) {
      arguments.add("--data-checksums");
    }
    new ShortCommand(installation.command("initdb", arguments)).run("");
  }

  /** In single-user mode: no network, no other session, and the first error ends it. */
  static void runStatements(
      PostgresInstallation installation, List<String> statements, Path directory) {
    if (statements.isEmpty()) {
      return;
    }
    List<String> arguments =
        List.of(
            "--single",
            "-j", // a statement ends with a semicolon and an empty line
            "-D",
            directory.toString(),
            "-c",
            "exit_on_error=true",
            "-c",
            "log_checkpoints=off",
            "-c",
            "log_min_error_statement=panic", // keep statements out of error texts
            "postgres");
    String all = String.join(";\n\n", OWN_SETTINGS) + ";\n\n" + String.join(";\n\n", statements);
    new ShortCommand(installation.command("postgres", arguments)).run(all + ";\n\n");
  }

  private static void removeQuietly(Path path) {
    try {
      Directories.delete(path);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + path, e);
    }
  }
}
