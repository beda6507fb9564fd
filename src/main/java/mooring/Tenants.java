package mooring;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import mooring.core.Problem;
import mooring.core.Secrets;
import mooring.core.StoredSecret;
import mooring.core.Tenant;
import mooring.core.TokenStore;
import mooring.status.TokenDirectory;

/** Makes tenants and the variables that their clients need. */
final class Tenants {
  private static final String TOKEN_PREFIX = "dkc_live_";
  private static final int MAX_NAME = 100;

  private final TokenStore store;
  private final String url;

  /**
   * @param url where clients reach the server, without a slash at the end
   */
  Tenants(TokenStore store, String url) {
    this.store = store;
    this.url = url;
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
    variables(tenant).forEach((variable, value) -> values.put(variable, value.get()));
    return values;
  }

  /**
   * The variables of a tenant, which is made when there is none; values are made when asked for.
   */
  Map<String, Supplier<String>> ensure(String name) {
    return variables(store.tenant(name).switchIfEmpty(store.createTenant(name)).blockingGet());
  }

  /** A tenant whose making was cut short before its first token. */
  private Maybe<Tenant> withoutToken(String name) {
    return store
        .tenant(name)
        .flatMap(
            tenant ->
                store.list(tenant.id()).filter(tokens -> tokens.isEmpty()).map(none -> tenant));
  }

  private Map<String, Supplier<String>> variables(Tenant tenant) {
    Map<String, Supplier<String>> variables = new LinkedHashMap<>();
    variables.put("MOORING_URL", () -> url);
    variables.put("MOORING_TOKEN", () -> token(tenant));
    return variables;
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
        .map(stored -> secret)
        .blockingGet();
  }
}
