package mooring.store;

import io.vertx.pgclient.SslMode;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** Brings the schema of the metadata database up to date. */
public final class Migrations {
  /** The last migration there is, by the name that the migration tool records. */
  static final String LATEST = "V16__migrations.sql";

  private static final String LOCATION = "classpath:mooring/store/migration";
  private static final int CONNECT_TIMEOUT_SECONDS = 5;

  private Migrations() {}

  /**
   * Applies what is missing; several replicas may do so at once. Blocks for as long as that takes,
   * so never on an event loop.
   *
   * @throws org.flywaydb.core.api.FlywayException when the database cannot be reached or is not
   *     ours
   */
  public static void run(DatabaseUri uri) {
    configured(uri).load().migrate();
  }

  /** The tool, not loaded yet. */
  static FluentConfiguration configured(DatabaseUri uri) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(dataSource(uri))
        .locations(LOCATION);
  }

  private static DataSource dataSource(DatabaseUri uri) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {uri.host()});
    source.setPortNumbers(new int[] {uri.port()});
    source.setDatabaseName(uri.database());
    source.setUser(uri.user());
    source.setPassword(uri.password());
    source.setSslMode(uri.sslMode().value);
    if (uri.sslRootCert() != null) {
      source.setSslRootCert(uri.sslRootCert());
    } else if (verifies(uri.sslMode())) {
      source.setSslfactory(DefaultJavaSSLFactory.class.getName());
    }
    source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
    source.setApplicationName("mooring migrations");
    return source;
  }

  private static boolean verifies(SslMode mode) {
    return mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
  }
}
