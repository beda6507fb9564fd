package mooring;

import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mooring.platform.ClusterIpAddresses;
import mooring.store.PgStore;

/** Works on the tenants of an external PostgreSQL, while servers may be running on it. */
final class TenantCommand {
  private TenantCommand() {}

  /**
   * Makes the tenant.
   *
   * @return the export lines that give its clients what they need
   */
  static String create(Settings settings, String name) {
    return on(settings, tenants -> tenants.create(name));
  }

  /**
   * Gives the tenant's account a new password, or the tenant an account.
   *
   * @return the export lines of the account
   */
  static String password(Settings settings, String name) {
    return on(settings, tenants -> tenants.renewPassword(name));
  }

  /**
   * Gives the tenant another access key in the place of those that it has.
   *
   * @return the export lines of the key
   */
  static String key(Settings settings, String name) {
    return on(settings, tenants -> tenants.renewAccessKey(name));
  }

  private static String on(Settings settings, Function<Tenants, Map<String, String>> command) {
    String url =
        settings
            .databaseUrl()
            .orElseThrow(
                () ->
                    new SettingsException(
                        "MOORING_DATABASE_URL must be set to work on tenants; the embedded default"
                            + " has one already, see credentials.env in its data directory"));
    Vertx vertx = Vertx.vertx();
    Records.Opening opening =
        new Records.Opening(
            vertx,
            Records.secrets(settings.keyset().orElseThrow()),
            // No address is allotted here.
            new ClusterIpAddresses(settings.namespace()));
    try (Records records = Records.external(url, opening)) {
      PgStore store = records.store();
      Tenants tenants =
          new Tenants(
              store.tokens(),
              store.accessKeys(),
              Records.accounts(store),
              settings.url(settings.httpPort()),
              // The servers hear of it by their change feeds.
              token -> {},
              key -> {});
      String lines = CredentialsFile.exports(command.apply(tenants));
      store.close().timeout(2, TimeUnit.SECONDS).onErrorComplete().blockingAwait();
      return lines;
    } finally {
      vertx.close().await();
    }
  }
}
