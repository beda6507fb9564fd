package mooring.core;

/**
 * An account that has shown who it is.
 *
 * @param account the account
 * @param refreshToken with which it can do so once more, without its password
 */
public record Session(Account account, String refreshToken) {
  @Override
  public String toString() {
    return "Session[" + account + "]";
  }
}
