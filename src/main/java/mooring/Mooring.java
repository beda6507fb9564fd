package mooring;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mooring.store.SecretBox;

/** The program: starts the control plane, or carries out one command and ends. */
public final class Mooring {
  private static final String DEMO_TENANT = "demo";
  private static final long READY_POLL_MILLIS = 50;
  private static final String USAGE =
      """
      usage: mooring                        start the server
             mooring tenant create NAME    make a tenant and print its export lines
             mooring tenant password NAME  give its account a new password, or it an account
             mooring tenant key NAME       give it a new access key; those before stop working
             mooring keyset                print a new encryption keyset
             mooring rehearse              start on embedded parts, and stop when ready""";

  private Mooring() {}

  /**
   * Runs until it is told to stop, by SIGINT or SIGTERM.
   *
   * @param args none, {@code tenant create NAME}, {@code tenant password NAME}, {@code tenant key
   *     NAME}, {@code keyset} or {@code rehearse}
   */
  public static void main(String[] args) throws InterruptedException {
    try {
      run(List.of(args), System.getenv(), System.out);
    } catch (RuntimeException e) {
      System.err.println("mooring: " + cause(e));
      System.exit(1);
    }
  }

  private static void run(List<String> args, Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    if (args.isEmpty()) {
      serve(Settings.of(environment), environment, out);
    } else if (args.equals(List.of("keyset"))) {
      out.println(SecretBox.newKeyset());
    } else if (args.equals(List.of("rehearse"))) {
      rehearse(environment, out);
    } else if (args.size() == 3 && args.subList(0, 2).equals(List.of("tenant", "create"))) {
      out.print(TenantCommand.create(Settings.of(environment), args.get(2)));
    } else if (args.size() == 3 && args.subList(0, 2).equals(List.of("tenant", "password"))) {
      out.print(TenantCommand.password(Settings.of(environment), args.get(2)));
    } else if (args.size() == 3 && args.subList(0, 2).equals(List.of("tenant", "key"))) {
      out.print(TenantCommand.key(Settings.of(environment), args.get(2)));
    } else {
      throw new SettingsException("unknown command\n" + USAGE);
    }
  }

  private static void serve(Settings settings, Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    Parts parts = new Parts();
    Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "shutdown"));
    try {
      serve(settings, environment, parts, out);
    } catch (RuntimeException e) {
      if (!parts.closing()) {
        throw e;
      }
    }
    new CountDownLatch(1).await();
  }

  /** A start that leaves nothing behind, for whoever wants to record what a start loads. */
  private static void rehearse(Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    Parts parts = new Parts();
    Rehearsal rehearsal = new Rehearsal();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  parts.close();
                  rehearsal.close();
                },
                "shutdown"));
    Map<String, String> settings = rehearsal.settings(environment);
    serve(Settings.of(settings), settings, parts, out);
    System.exit(0);
  }

  private static void serve(
      Settings settings, Map<String, String> environment, Parts parts, PrintStream out)
      throws InterruptedException {
    Foundations foundations = Foundations.lay(settings, environment, parts);
    Server server = parts.server.start(() -> new Server(settings, foundations));
    server.start();
    while (!server.ready()) {
      TimeUnit.MILLISECONDS.sleep(READY_POLL_MILLIS);
    }
    DataDirectory directory = foundations.directory();
    CredentialsFile credentials = directory == null ? null : credentials(server, directory);
    server.open();
    out.println("Mooring is ready at " + server.url() + " (contract and page: /docs)");
    if (credentials != null) {
      introduce(credentials, directory, out);
    }
  }

  /** Of a first tenant, so that there is something to try at once. */
  private static CredentialsFile credentials(Server server, DataDirectory directory) {
    CredentialsFile credentials = new CredentialsFile(directory);
    credentials.complete(server.tenants().ensure(DEMO_TENANT, credentials::value));
    return credentials;
  }

  private static void introduce(
      CredentialsFile credentials, DataDirectory directory, PrintStream out) {
    out.println("credentials of a demo tenant: " + directory.resolve(CredentialsFile.NAME));
    out.println("try:");
    out.println("  " + credentials.sourceCommand());
    out.println("  curl -H \"Authorization: Bearer $MOORING_TOKEN\" $MOORING_URL/api/v1/databases");
  }

  private static String cause(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && !(root instanceof SettingsException)) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
