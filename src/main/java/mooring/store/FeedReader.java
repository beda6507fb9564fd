package mooring.store;

import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mooring.core.AccessKey;
import mooring.core.Account;
import mooring.core.Instance;
import mooring.core.Token;

/**
 * Reads what is newer than a cursor, in the order of revisions and in bounded pages. Each table has
 * a cursor of its own. Confined to one context.
 */
final class FeedReader {
  private static final int PAGE = 500;
  private static final int TOMBSTONES = 10_000;

  /** The revision below which tombstones are not loaded. */
  private static final String TOMBSTONE_FLOOR =
      """
      SELECT revision FROM instance WHERE deleted_at IS NOT NULL
      ORDER BY revision DESC OFFSET $1 LIMIT 1
      """;

  private static final String INSTANCES =
      Rows.SELECT_INSTANCE
          + """
          WHERE i.revision > $1 AND (i.deleted_at IS NULL OR i.revision > $2)
          ORDER BY i.revision LIMIT $3
          """;

  private static final String TOKENS =
      "SELECT "
          + Rows.TOKEN_COLUMNS
          + """
           FROM token WHERE revision > $1 AND ($2 OR (
            (revoked_at IS NULL OR revoked_at > now() - interval '1 hour')
            AND (expires_at IS NULL OR expires_at > now())))
          ORDER BY revision LIMIT $3
          """;

  private final SqlClient client;
  private final AccessKeyTable accessKeys;
  private final Runnable progress;
  private long instancesRead;
  private long tokensRead;
  private long accountsRead;
  private long accessKeysRead;

  /**
   * @param progress hears of every page, as a sign of life
   */
  FeedReader(SqlClient client, AccessKeyTable accessKeys, Runnable progress) {
    this.client = client;
    this.accessKeys = accessKeys;
    this.progress = progress;
  }

  /**
   * What was read.
   *
   * @param more whether there is more to be read at once
   */
  record Batch(
      List<Instance> instances,
      List<Token> tokens,
      List<Account> accounts,
      List<AccessKey> accessKeys,
      boolean more) {
    boolean empty() {
      return instances.isEmpty() && tokens.isEmpty() && accounts.isEmpty() && accessKeys.isEmpty();
    }
  }

  /** Everything there is, each row once, as it was at its last reading. */
  Single<Batch> everything() {
    Map<UUID, Instance> instances = new LinkedHashMap<>();
    Map<UUID, Token> tokens = new LinkedHashMap<>();
    Map<UUID, Account> accounts = new LinkedHashMap<>();
    Map<UUID, AccessKey> keys = new LinkedHashMap<>();
    return Sql.first(client, row -> row.getLong("revision"), TOMBSTONE_FLOOR, (long) TOMBSTONES)
        .defaultIfEmpty(0L)
        .flatMapPublisher(
            floor ->
                Single.defer(() -> page(floor, false))
                    .doOnSuccess(
                        batch -> {
                          batch.instances().forEach(row -> instances.put(row.id(), row));
                          batch.tokens().forEach(row -> tokens.put(row.id(), row));
                          batch.accounts().forEach(row -> accounts.put(row.id(), row));
                          batch.accessKeys().forEach(row -> keys.put(row.id(), row));
                        })
                    .repeat()
                    .takeUntil(batch -> !batch.more()))
        .ignoreElements()
        .andThen(
            Single.fromCallable(
                () ->
                    new Batch(
                        new ArrayList<>(instances.values()),
                        new ArrayList<>(tokens.values()),
                        new ArrayList<>(accounts.values()),
                        new ArrayList<>(keys.values()),
                        false)));
  }

  /** The next page of what has changed since. */
  Single<Batch> newer() {
    return page(0, true);
  }

  /** Whether the database has gone back behind what was read: it was replaced by an older state. */
  boolean ahead(long lastRevision) {
    return LongStream.of(instancesRead, tokensRead, accountsRead, accessKeysRead)
        .anyMatch(read -> read > lastRevision);
  }

  private Single<Batch> page(long tombstoneFloor, boolean allTokens) {
    Single<List<Instance>> instances =
        Sql.list(client, Rows::instance, INSTANCES, instancesRead, tombstoneFloor, PAGE);
    Single<List<Token>> tokens = Sql.list(client, Rows::token, TOKENS, tokensRead, allTokens, PAGE);
    Single<List<Account>> accounts = AccountTable.newer(client, accountsRead, PAGE);
    Single<List<AccessKey>> keys = accessKeys.newer(client, accessKeysRead, PAGE);
    return Single.zip(instances, tokens, accounts, keys, this::advance);
  }

  private Batch advance(
      List<Instance> instances, List<Token> tokens, List<Account> accounts, List<AccessKey> keys) {
    progress.run();
    if (!instances.isEmpty()) {
      instancesRead = instances.get(instances.size() - 1).revision();
    }
    if (!tokens.isEmpty()) {
      tokensRead = tokens.get(tokens.size() - 1).revision();
    }
    if (!accounts.isEmpty()) {
      accountsRead = accounts.get(accounts.size() - 1).revision();
    }
    if (!keys.isEmpty()) {
      accessKeysRead = keys.get(keys.size() - 1).revision();
    }
    boolean more =
        Stream.of(instances, tokens, accounts, keys).anyMatch(read -> read.size() == PAGE);
    return new Batch(instances, tokens, accounts, keys, more);
  }
}
