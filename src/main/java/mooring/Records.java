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
  private final PgStore store;

  private Records(EmbeddedPostgres embedded, PgStore store) {
    this.embedded = embedded;
    this.store = store;
  }

  /**
   * What the records are opened with.
   *
   * @param vertx whose event loops the store uses
   * @param secrets seals what is secret
   * @param addresses of the databases
   */
  record Opening(Vertx vertx, SecretBox secrets, AddressScheme addresses) {

    /** The store, blocking until its schema is up to date. */
    private PgStore store(DatabaseUri uri) {
      PgStore store =
          new PgStore(io.vertx.rxjava3.core.Vertx.newInstance(vertx), uri, secrets, addresses);
      if (!store.schemaUpToDate().blockingGet()) {
        migrate(uri);
      }
      try {
        store.checkKeyset().blockingAwait();
      } catch (IllegalStateException e) {
        throw new SettingsException(
            "MOORING_ENCRYPTION_KEYSET, or " + KEYSET_FILE + " without it: " + e.getMessage());
      }
      return store;
    }
  }

  /**
   * Those in the database of MOORING_DATABASE_URL; fails when its schema cannot be had, or the
   * keyset is not the one that it was first opened with.
   */
  static Records external(String url, Opening opening) {
    return new Records(null, opening.store(parse(url)));
  }

  /** Those in a database of our own in the data directory; blocks until its server runs. */
  static Records embedded(DataDirectory directory, PostgresBinaries binaries, Opening opening) {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(directory.resolve(DIRECTORY), binaries, MAJOR);
    try {
      return new Records(postgres, opening.store(DatabaseUri.parse(postgres.uri())));
    } catch (RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  /** What they are read and written by; whoever uses it closes it. */
  PgStore store() {
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

  private static void migrate(DatabaseUri uri) {
    try {
      Migrations.run(uri);
    } catch (FlywayException e) {
      throw new SettingsException("the database " + uri + " cannot be used: " + e.getMessage());
    }
  }

  /** The address in MOORING_DATABASE_URL. */
  static DatabaseUri parse(String url) {
    try {
      return DatabaseUri.parse(url);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("MOORING_DATABASE_URL " + e.getMessage());
    }
  }
}
