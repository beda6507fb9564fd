package mooring;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mooring.core.AccessKey;
import mooring.core.AccessKeyStore;
import mooring.core.Accounts;
import mooring.core.Names;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Secrets;
import mooring.core.StoredSecret;
import mooring.core.Tenant;
import mooring.core.Token;
import mooring.core.TokenStore;
import mooring.status.TokenDirectory;

/** Makes tenants, and the variables that their clients need. */
final class Tenants {
  private static final String TOKEN_PREFIX = "dkc_live_";
  private static final String EMAIL_DOMAIN = "@mooring.invalid";
  private static final String PLAIN_NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final int MAX_NAME = 100;
  private static final String EMAIL = "CLOUDHEED_EMAIL";
  private static final String PASSWORD = "CLOUDHEED_PASSWORD";
  private static final String IONOS_URL = "IONOS_API_URL";
  private static final String IONOS_USERNAME = "IONOS_USERNAME";
  private static final String IONOS_PASSWORD = "IONOS_PASSWORD";

  private static final String EXOSCALE_URL = "EXOSCALE_API_ENDPOINT";
  private static final String EXOSCALE_KEY = "EXOSCALE_API_KEY";
  private static final String EXOSCALE_SECRET = "EXOSCALE_API_SECRET";
  private static final String KEY_PREFIX = "EXO";

  private final TokenStore store;
  private final AccessKeyStore accessKeys;
  private final Accounts accounts;
  private final String url;
  private final Consumer<Token> newToken;
  private final Consumer<AccessKey> newAccessKey;

  /**
   * @param url where clients reach the server, without a slash at the end
   * @param newToken hears of every token that is made, before the caller does
   * @param newAccessKey the same of every access key
   */
  Tenants(
      TokenStore store,
      AccessKeyStore accessKeys,
      Accounts accounts,
      String url,
      Consumer<Token> newToken,
      Consumer<AccessKey> newAccessKey) {
    this.store = store;
    this.accessKeys = accessKeys;
    this.accounts = accounts;
    this.url = url;
    this.newToken = newToken;
    this.newAccessKey = newAccessKey;
  }

  /**
   * Makes a tenant, or completes one that was left without a token; the variables with their
   * values. A {@link Problem.Conflict} when the name is taken, a {@link SettingsException} when it
   * is none.
   */
  Map<String, String> create(String name) {
    if (name.isBlank() || name.length() > MAX_NAME || !name.equals(name.strip())) {
      throw new SettingsException(
          "the name of a tenant must have 1 to " + MAX_NAME + " characters, no space around them");
    }
    Tenant tenant =
        store
            .createTenant(name)
            .onErrorResumeNext(taken -> withoutToken(name).switchIfEmpty(Single.error(taken)))
            .blockingGet();
    Map<String, String> values = new LinkedHashMap<>();
    variables(tenant, none -> null).forEach((variable, value) -> values.put(variable, value.get()));
    return values;
  }

  /**
   * Gives the account of a tenant a new password, which ends its sessions, or a tenant without an
   * account one; the account's variables with their values. A {@link Problem.NotFound} when there
   * is no such tenant.
   */
  Map<String, String> renewPassword(String name) {
    Tenant tenant = existing(name);
    Map<String, String> values = new LinkedHashMap<>();
    String password = password(tenant);
    values.put(EMAIL, email(tenant));
    values.put(PASSWORD, password);
    values.put(IONOS_USERNAME, email(tenant));
    values.put(IONOS_PASSWORD, password);
    return values;
  }

  /**
   * Gives a tenant a new access key; those that it has stop working. The key's variables with their
   * values; a {@link Problem.NotFound} when there is no such tenant.
   */
  Map<String, String> renewAccessKey(String name) {
    AccessKey key =
        accessKeys
            .replace(existing(name).id(), Secrets.accessKey(KEY_PREFIX), Secrets.token(""))
            .doOnSuccess(newAccessKey::accept)
            .blockingGet();
    Map<String, String> values = new LinkedHashMap<>();
    values.put(EXOSCALE_URL, endpoint());
    values.put(EXOSCALE_KEY, key.name());
    values.put(EXOSCALE_SECRET, key.secret());
    return values;
  }

  private Tenant existing(String name) {
    return store
        .tenant(name)
        .switchIfEmpty(
            Single.error(
                () -> new ProblemException(new Problem.NotFound("there is no such tenant"))))
        .blockingGet();
  }

  private String endpoint() {
    return url + "/v2";
  }

  /**
   * The variables of a tenant, which is made when there is none; values are made when asked for.
   *
   * @param kept the values of variables that somebody has already; null for one that nobody has
   */
  Map<String, Supplier<String>> ensure(String name, UnaryOperator<String> kept) {
    Tenant tenant = store.tenant(name).switchIfEmpty(store.createTenant(name)).blockingGet();
    return variables(tenant, kept);
  }

  /** A tenant whose making was cut short before its first token. */
  private Maybe<Tenant> withoutToken(String name) {
    return store
        .tenant(name)
        .flatMap(
            tenant ->
                store.list(tenant.id()).filter(tokens -> tokens.isEmpty()).map(none -> tenant));
  }

  private Map<String, Supplier<String>> variables(Tenant tenant, UnaryOperator<String> kept) {
    // One account for all APIs, whose password is made once and found where it was told before.
    Map<String, String> made = new HashMap<>();
    Supplier<String> password =
        () ->
            Stream.of(PASSWORD, IONOS_PASSWORD)
                .map(kept)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> made.computeIfAbsent(PASSWORD, first -> password(tenant)));
    Map<String, Supplier<String>> variables = new LinkedHashMap<>();
    variables.put("MOORING_URL", () -> url);
    variables.put(EMAIL, () -> email(tenant));
    variables.put(PASSWORD, password);
    variables.put(IONOS_URL, () -> url);
    variables.put(IONOS_USERNAME, () -> email(tenant));
    variables.put(IONOS_PASSWORD, password);
    // Of one key, which is made when either of them is asked for.
    AtomicReference<AccessKey> key = new AtomicReference<>();
    Supplier<AccessKey> accessKey =
        () -> key.updateAndGet(known -> known == null ? accessKey(tenant, kept) : known);
    variables.put(EXOSCALE_URL, this::endpoint);
    variables.put(EXOSCALE_KEY, () -> accessKey.get().name());
    variables.put(EXOSCALE_SECRET, () -> accessKey.get().secret());
    // The last one to be made: a tenant without a token is not complete.
    variables.put("MOORING_TOKEN", () -> token(tenant));
    return variables;
  }

  /** Of a domain that never exists (RFC 2606), the same each time it is asked for. */
  private static String email(Tenant tenant) {
    String name = tenant.name();
    boolean plain = name.matches(PLAIN_NAME);
    String unlike = "-" + tenant.id().toString().substring(0, 8);
    return (plain ? name : Names.slug(name) + unlike) + EMAIL_DOMAIN;
  }

  /** Of an account that is made when there is none; one whose password was lost gets a new one. */
  private String password(Tenant tenant) {
    String password = Secrets.password();
    String email = email(tenant);
    return accounts
        .create(tenant.id(), email, tenant.name(), password)
        .onErrorResumeNext(
            taken ->
                accounts
                    .setPassword(tenant.id(), email, password)
                    .switchIfEmpty(Single.error(taken)))
        .map(account -> password)
        .blockingGet();
  }

  /** The one whose name or secret somebody has; else a new one beside all others. */
  private AccessKey accessKey(Tenant tenant, UnaryOperator<String> kept) {
    return accessKeys.list(tenant.id()).blockingGet().stream()
        .filter(AccessKey::works)
        .filter(
            one ->
                one.name().equals(kept.apply(EXOSCALE_KEY))
                    || one.secret().equals(kept.apply(EXOSCALE_SECRET)))
        .findFirst()
        .orElseGet(
            () ->
                accessKeys
                    .create(tenant.id(), Secrets.accessKey(KEY_PREFIX), Secrets.token(""))
                    .doOnSuccess(newAccessKey::accept)
                    .blockingGet());
  }

  private String token(Tenant tenant) {
    String secret = Secrets.token(TOKEN_PREFIX);
    return store
        .create(
            tenant.id(),
            tenant.name(),
            StoredSecret.of(secret, TokenDirectory.hash(secret)),
            null,
            null,
            null)
        .doOnSuccess(newToken::accept)
        .map(stored -> secret)
        .blockingGet();
  }
}
