package mooring;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.time.Clock;
import mooring.core.Accounts;
import mooring.core.AddressScheme;
import mooring.local.postgres.EmbeddedPostgres;
import mooring.local.postgres.PostgresBinaries;
import mooring.status.LoginTokens;
import mooring.status.TokenDirectory;
import mooring.store.DatabaseUri;
import mooring.store.Migrations;
import mooring.store.PgStore;
import mooring.store.SecretBox;
import org.flywaydb.core.api.FlywayException;

/**
 * Where the records are: a database that is given, or an embedded one, with its schema in place.
 */
final class Records implements AutoCloseable {
  private static final int MAJOR = 16;
  private static final String DIRECTORY = "records";
  private static final String KEYSET_FILE = "keyset.json";

  private final EmbeddedPostgres embedded;
  private final DatabaseUri uri;

  private Records(EmbeddedPostgres embedded, DatabaseUri uri) {
    this.embedded = embedded;
    this.uri = uri;
  }

  /** The database of MOORING_DATABASE_URL. */
  static Records external(String url) {
    return new Records(null, parse(url));
  }

  /** A database of our own in the data directory; blocks until its server runs. */
  static Records embedded(DataDirectory directory, PostgresBinaries binaries) {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(directory.resolve(DIRECTORY), binaries, MAJOR);
    return new Records(postgres, DatabaseUri.parse(postgres.uri()));
  }

  /**
   * Opens the store, blocking until its schema is up to date; fails when that cannot be had, or the
   * keyset is not the one that it was first opened with.
   */
  PgStore open(Vertx vertx, SecretBox secrets, AddressScheme addresses) {
    PgStore store =
        new PgStore(io.vertx.rxjava3.core.Vertx.newInstance(vertx), uri, secrets, addresses);
    if (!store.schemaUpToDate().blockingGet()) {
      migrate();
    }
    try {
      store.checkKeyset().blockingAwait();
    } catch (IllegalStateException e) {
      throw new SettingsException(
          "MOORING_ENCRYPTION_KEYSET, or " + KEYSET_FILE + " without it: " + e.getMessage());
    }
    return store;
  }

  /** The key of the login tokens, which the first start of all makes. */
  static LoginTokens loginTokens(PgStore store) {
    String keyset = store.signingKey(LoginTokens::newKeyset).blockingGet();
    return LoginTokens.of(keyset, Clock.systemUTC());
  }

  /** What can be done with the accounts. */
  static Accounts accounts(PgStore store) {
    return new Accounts(store.accounts(), TokenDirectory::hash, Clock.systemUTC());
  }

  /** The keyset of MOORING_ENCRYPTION_KEYSET. */
  static SecretBox secrets(String keyset) {
    try {
      return SecretBox.of(keyset);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("MOORING_ENCRYPTION_KEYSET " + e.getMessage());
    }
  }

  /**
   * The keyset of a data directory, made at its first start and before its records; a new one would
   * open nothing of what records hold already.
   */
  static SecretBox secrets(DataDirectory directory) {
    String keyset = directory.read(KEYSET_FILE);
    if (keyset == null) {
      if (Files.exists(directory.resolve(DIRECTORY).resolve("pgdata"))) {
        throw new SettingsException(
            directory.resolve(KEYSET_FILE)
                + " is missing, but the records beside it are encrypted with it: put it back, or"
                + " set MOORING_ENCRYPTION_KEYSET");
      }
      keyset = SecretBox.newKeyset();
      directory.writePrivately(KEYSET_FILE, keyset);
    }
    return SecretBox.of(keyset);
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }

  private void migrate() {
    try {
      Migrations.run(uri);
    } catch (FlywayException e) {
      throw new SettingsException("the database " + uri + " cannot be used: " + e.getMessage());
    }
  }

  /** The database of MOORING_DATABASE_URL. */
  static DatabaseUri parse(String url) {
    try {
      return DatabaseUri.parse(url);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("MOORING_DATABASE_URL " + e.getMessage());
    }
  }
}
