package mooring.core;

/**
 * A token just made, with the secret that is shown once.
 *
 * @param token the token
 * @param secret what its holder sends
 */
public record IssuedToken(Token token, String secret) {
  @Override
  public String toString() {
    return "IssuedToken[" + token + "]";
  }
}
