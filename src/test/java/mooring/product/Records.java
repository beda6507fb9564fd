package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mooring.FreePort;
import mooring.local.postgres.EmbeddedPostgres;
import mooring.local.postgres.TestBinaries;

/** A real PostgreSQL outside of the product, for its records. */
final class Records implements AutoCloseable {
  private static final int MAJOR = 16;

  private final Path directory;
  private final Path copy;
  private EmbeddedPostgres postgres;

  /** A running one, with nothing in it. */
  Records(Workplace place) {
    directory = place.directory("records").resolve("server");
    copy = directory.resolveSibling("copy");
    reserve(FreePort.next());
    start();
  }

  /** Notes a port as the one of before: one that the system gives to no connection meanwhile. */
  private void reserve(int port) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("port"), port + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String uri() {
    return postgres.uri();
  }

  String password() {
    return postgres.password();
  }

  void start() {
    String before = postgres == null ? null : postgres.uri();
    postgres = EmbeddedPostgres.start(directory, TestBinaries.ALL, MAJOR);
    assertThat(before == null || before.equals(postgres.uri())).as("the same address").isTrue();
  }

  void stop() {
    postgres.close();
  }

  /** Takes a copy of everything, as it is now; clients see a short outage. */
  void keep() {
    stop();
    run("cp", "-a", directory.toString(), copy.toString());
    start();
  }

  /** Puts everything back to what it was when it was kept. */
  void putBack() {
    stop();
    run("rm", "-rf", directory.toString());
    run("cp", "-a", copy.toString(), directory.toString());
    start();
  }

  /** The first column of the first row. */
  String ask(String query) {
    return ledger().ask(query);
  }

  /** Every operation there was of a database: kind and outcome. */
  String operations(String id) {
    return ledger().operations(id);
  }

  private Ledger ledger() {
    return new Ledger(
        postgres.host(),
        postgres.port(),
        postgres.database(),
        postgres.user(),
        postgres.password());
  }

  @Override
  public void close() {
    postgres.close();
  }

  private static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertThat(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
