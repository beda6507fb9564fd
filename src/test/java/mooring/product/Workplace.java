package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import mooring.api.ContractClient;
import mooring.local.postgres.TestBinaries;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory for one test and everything that is started in it. In the end all of it is stopped in
 * the opposite order; a PostgreSQL server that is left over then fails the test. What a failed test
 * leaves in {@code target/product-tests} tells why.
 */
final class Workplace implements BeforeEachCallback, AfterEachCallback {
  private static final Path ALL = Path.of("target", "product-tests").toAbsolutePath();

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private Vertx vertx;
  private Path directory;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    Files.createDirectories(ALL);
    directory =
        Files.createTempDirectory(ALL, context.getRequiredTestClass().getSimpleName() + "-");
    vertx = Vertx.vertx();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    boolean failed = context.getExecutionException().isPresent();
    PostgresProcesses servers = servers(directory);
    List<String> leftOver;
    try {
      closeAll(failed);
    } finally {
      leftOver = servers.running();
      servers.killAll();
      vertx.close().await();
    }
    if (failed) {
      System.err.println(context.getDisplayName() + " failed; see " + directory);
      return;
    }
    assertThat(leftOver).as("PostgreSQL servers left over").isEmpty();
    deleteDirectory();
  }

  /** A directory of this test, made when needed. */
  Path directory(String name) {
    try {
      return Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has something closed after the test. */
  <T extends AutoCloseable> T closing(T part) {
    started.push(part);
    return part;
  }

  /** A client that checks every answer against the contract. */
  ContractClient client(int port, String token) {
    return ContractClient.of(vertx, port, token);
  }

  PostgresProcesses servers(Path below) {
    return new PostgresProcesses(below);
  }

  /** Where PostgreSQL's programs are unpacked once for all tests. */
  static Path binaries() {
    return TestBinaries.cache().toAbsolutePath();
  }

  private void closeAll(boolean failed) throws Exception {
    Exception first = null;
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        if (failed && part instanceof Child child) {
          System.err.println("---- " + child + "\n" + tail(child.output()));
          child.kill();
        } else {
          part.close();
        }
      } catch (Exception | AssertionError e) {
        first = first == null ? new IllegalStateException(part + " does not stop", e) : first;
        if (part instanceof Child child) {
          child.kill();
        }
      }
    }
    if (first != null && !failed) {
      throw first;
    }
  }

  private static String tail(String output) {
    List<String> lines = output.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
