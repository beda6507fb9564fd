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
 */
public record PublishedApi(
    String name,
    Authenticator authenticator,
    ErrorShape errors,
    Map<String, Poll> polls,
    Map<String, Command> commands) {}
