package mooring.local.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's own database: one server on 127.0.0.1 with one database and its owner. Data,
 * port and passwords stay in one directory, so that the next start finds them; a server that ends
 * by itself is started again.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String NAME = "mooring";
  private static final List<String> CLIENT_RULES =
      List.of("host all all 127.0.0.1/32 scram-sha-256");
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final long RESTART_DELAY_MILLIS = 1000;

  private final PostgresInstallation installation;
  private final DataDirectory data;
  private final ServerConfiguration configuration;
  private final String password;
  private final ExecutorService restarts =
      Executors.newSingleThreadExecutor(EmbeddedPostgres::thread);
  private final Executor later =
      CompletableFuture.delayedExecutor(RESTART_DELAY_MILLIS, TimeUnit.MILLISECONDS, restarts);
  private PostgresServer server;
  private volatile boolean closed;

  private EmbeddedPostgres(
      PostgresInstallation installation,
      DataDirectory data,
      ServerConfiguration configuration,
      String password) {
    this.installation = installation;
    this.data = data;
    this.configuration = configuration;
    this.password = password;
  }

  /**
   * Starts it; makes its data first if there is none. Takes about two seconds the first time.
   *
   * @param directory where everything of it is kept
   * @param binaries where the server comes from
   * @param major the version for new data; existing data keeps its own
   * @return the running database
   * @throws PostgresException when it does not start
   */
  public static EmbeddedPostgres start(Path directory, PostgresBinaries binaries, int major) {
    try {
      Directories.createPrivate(directory);
    } catch (IOException e) {
      throw new PostgresException("cannot make " + directory, e);
    }
    DataDirectory data = new DataDirectory(directory.resolve("pgdata"));
    LeftOverServer.stop(data.path());
    String password = PasswordFile.readOrCreate(directory.resolve("password"));
    PostgresInstallation installation = binaries.installation(data.major().orElse(major));
    if (data.major().isEmpty()) {
      String superuser = PasswordFile.readOrCreate(directory.resolve("superuser-password"));
      data.create(installation, Bootstrap.of(superuser, NAME, password, NAME));
    }
    InetAddress host = InetAddress.getLoopbackAddress();
    int port = new RememberedPort(directory.resolve("port"), host).choose();
    ServerConfiguration configuration =
        ServerConfiguration.listeningAt(host.getHostAddress(), port, Map.of(), CLIENT_RULES);
    EmbeddedPostgres postgres = new EmbeddedPostgres(installation, data, configuration, password);
    postgres.launch();
    return postgres;
  }

  /** Its address: {@code postgresql://user:password@host:port/database?sslmode=disable}. */
  public String uri() {
    return "postgresql://"
        + (NAME + ":" + password + "@" + configuration.host() + ":" + configuration.port())
        + ("/" + NAME + "?sslmode=disable");
  }

  /** Returns 127.0.0.1. */
  public String host() {
    return configuration.host();
  }

  /** Returns the port, the same at every start while it is free. */
  public int port() {
    return configuration.port();
  }

  /** Returns the database's name. */
  public String database() {
    return NAME;
  }

  /** Returns the role that owns the database. */
  public String user() {
    return NAME;
  }

  /** Returns the role's password. */
  public String password() {
    return password;
  }

  /** Returns the server's process id. */
  public synchronized long pid() {
    return server.pid();
  }

  private synchronized void launch() {
    if (closed) {
      return;
    }
    server = PostgresServer.start(installation, data, configuration);
    PostgresServer started = server;
    started.whenExited(() -> retryLater(started.lastWords()));
    log.atInfo()
        .addKeyValue("version", installation.version())
        .addKeyValue("port", port())
        .addKeyValue("pid", server.pid())
        .log("Metadata PostgreSQL runs");
  }

  private synchronized void retryLater(String reason) {
    if (closed) {
      return;
    }
    log.atWarn()
        .addKeyValue("reason", reason)
        .log("Metadata PostgreSQL is down, starting it again");
    later.execute(this::relaunch);
  }

  private void relaunch() {
    try {
      launch();
    } catch (PostgresException e) {
      retryLater(e.getMessage());
    } catch (RuntimeException e) { // whatever it was, somebody has to look after the server
      log.atError().setCause(e).log("Metadata PostgreSQL could not be started again");
      retryLater(e.toString());
    }
  }

  /** Stops the server, within 8 s; its data stays. */
  @Override
  public void close() {
    closed = true;
    restarts.shutdownNow(); // a start under way is interrupted and cleans up after itself
    synchronized (this) {
      if (server.isAlive()) {
        server.stop(STOP_LIMIT);
        log.atInfo().addKeyValue("pid", server.pid()).log("Metadata PostgreSQL stopped");
      }
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "embedded-postgres");
    thread.setDaemon(true);
    return thread;
  }
}
