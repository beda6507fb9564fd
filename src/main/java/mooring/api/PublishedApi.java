package mooring.api;

import java.util.Map;

/**
 * A published API: its contract and what stands behind its operationIds.
 *
 * @param name the contract's name: {@code openapi/{name}.yaml} on the class path
 * @param authenticator finds out who asks
 * @param errors how it words its errors
 * @param polls the operations answered from memory, by operationId
 * @param commands all other operations, by operationId
 * @param rootless whether its paths hold without the contract's base path, too
 * @param limiter how often its operations may be asked for; null for no limit
 */
public record PublishedApi(
    String name,
    Authenticator authenticator,
    ErrorShape errors,
    Map<String, Poll> polls,
    Map<String, Command> commands,
    boolean rootless,
    RateLimiter limiter) {

  /** Under the contract's base path alone, without a limit. */
  public PublishedApi(
      String name,
      Authenticator authenticator,
      ErrorShape errors,
      Map<String, Poll> polls,
      Map<String, Command> commands) {
    this(name, authenticator, errors, polls, commands, false, null);
  }

  /**
   * The same with another limit.
   *
   * @param other null for no limit
   */
  public PublishedApi limitedBy(RateLimiter other) {
    return new PublishedApi(name, authenticator, errors, polls, commands, rootless, other);
  }
}
