package mooring.core;

import java.util.Set;
import java.util.UUID;

/**
 * Who asks.
 *
 * @param tenant whose databases it can see
 * @param token the id of the token it showed
 * @param scopes what it may do; null for everything
 */
public record Caller(UUID tenant, UUID token, Set<String> scopes) {

  public Caller {
    scopes = scopes == null ? null : Set.copyOf(scopes);
  }

  /** Whether it may do what a scope stands for. */
  public boolean may(String scope) {
    return scopes == null || scopes.contains(scope);
  }

  /** Whether it may do everything, now and with scopes yet to come. */
  public boolean mayAll() {
    return scopes == null;
  }
}
