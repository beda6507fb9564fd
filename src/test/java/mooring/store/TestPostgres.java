package mooring.store;

import io.vertx.pgclient.SslMode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import mooring.FreePort;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.awaitility.Awaitility;

/**
 * A real PostgreSQL server for the tests of one JVM, with TLS on, that can be stopped and started.
 */
final class TestPostgres {
  private static final String ADMIN = "postgres";
  private static final String PASSWORD = "p@ss word/1";
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static TestPostgres shared;

  private final Path home;
  private final Path data;
  private final int port;
  private final Path certificate;
  private Process process;

  private TestPostgres() throws IOException, InterruptedException {
    home = unpacked();
    data = Files.createTempDirectory(Path.of("target"), "test-postgres-data-").toAbsolutePath();
    port = FreePort.next();
    Path passwordFile =
        Files.writeString(data.resolveSibling(data.getFileName() + ".pw"), PASSWORD);
    run(
        "initdb",
        "-D",
        data.toString(),
        "-U",
        ADMIN,
        "--auth=scram-sha-256",
        "--pwfile=" + passwordFile,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-instructions",
        "--no-sync");
    certificate = TestCertificate.write(data);
  }

  /** The server, started at the first call. */
  static synchronized TestPostgres shared() {
    if (shared == null) {
      try {
        TestPostgres server = new TestPostgres();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stopAndRemove));
        server.start();
        shared = server;
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return shared;
  }

  /** An empty database. */
  DatabaseUri freshDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    execute(uri(ADMIN), "CREATE DATABASE " + name);
    return uri(name);
  }

  /** The server's certificate, which is its own CA; valid for 127.0.0.1 only. */
  Path certificate() {
    return certificate;
  }

  synchronized void start() {
    List<String> command = command("postgres");
    command.addAll(
        List.of(
            "-D",
            data.toString(),
            "-p",
            String.valueOf(port),
            "-F",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=50",
            "-c",
            "ssl=on"));
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("server.log").toFile())
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(this::answers);
  }

  /** Stops at once, ending every session (SIGINT: fast shutdown). */
  synchronized void stop() {
    signal("INT");
  }

  /** Freezes the server's processes: connections stay open and nothing answers. */
  synchronized void freeze() {
    signalAll("STOP");
  }

  /** Undoes {@link #freeze()}. */
  synchronized void thaw() {
    signalAll("CONT");
  }

  /** Runs statements as the administrator. */
  static void execute(DatabaseUri uri, String... statements) {
    try (Connection connection = jdbc(uri);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static Connection jdbc(DatabaseUri uri) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + uri.host() + ":" + uri.port() + "/" + uri.database(),
        uri.user(),
        uri.password());
  }

  private DatabaseUri uri(String database) {
    return new DatabaseUri("127.0.0.1", port, database, ADMIN, PASSWORD, SslMode.DISABLE, null);
  }

  private boolean answers() throws SQLException {
    if (!process.isAlive()) {
      throw new IllegalStateException("the server has ended, see " + data.resolve("server.log"));
    }
    jdbc(uri(ADMIN)).close();
    return true;
  }

  private void stopAndRemove() {
    try {
      if (process != null && process.isAlive()) {
        signal("QUIT");
      }
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(data.resolveSibling(data.getFileName() + ".pw"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the server does not stop");
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void signalAll(String name) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    command.add(String.valueOf(process.pid()));
    process.descendants().map(child -> String.valueOf(child.pid())).forEach(command::add);
    try {
      new ProcessBuilder(command).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = command(program);
    command.addAll(List.of(arguments));
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != 0) {
      throw new IOException(program + " failed: " + output);
    }
  }

  /** PostgreSQL refuses to run as root; in a user namespace it is nobody. */
  private List<String> command(String program) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(home.resolve("bin").resolve(program).toString());
    return command;
  }

  /** The programs, unpacked once for all the JVMs that run tests side by side. */
  private static Path unpacked() throws IOException {
    Path archives = Path.of("target", "postgres-binaries");
    Path jar;
    try (Stream<Path> files = Files.list(archives)) {
      jar =
          files
              .filter(file -> file.getFileName().toString().startsWith("postgres-16"))
              .findFirst()
              .orElseThrow(() -> new IOException("no PostgreSQL 16 in " + archives));
    }
    Path home = Path.of("target", "test-postgres").toAbsolutePath();
    Path complete = home.resolve("complete");
    try (FileChannel lock =
        FileChannel.open(
            home.resolveSibling(home.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      lock.lock();
      if (!Files.exists(complete)) {
        unpack(jar, home);
        Files.createFile(complete);
      }
    }
    return home;
  }

  private static void unpack(Path jar, Path home) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile());
        InputStream packed =
            zip.getInputStream(
                zip.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow());
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
          throw new IOException("an entry outside of the archive");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        Files.deleteIfExists(target);
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + target);
          }
        }
      }
    }
  }
}
