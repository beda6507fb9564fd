package mooring.status;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Account;
import mooring.core.Accounts;
import mooring.core.Caller;
import mooring.core.Secrets;

/**
 * The accounts, with the password of each that was last found to be right, so that who shows it
 * with every request pays for the slow check once; and passwords that were found to be wrong, which
 * are not checked again either. Both stop counting as soon as the feed has told of the account's
 * next password. What is kept of a password is a hash with a key that is nowhere else.
 */
public final class AccountDirectory {
  private static final int REFUSED = 10_000;

  private record Known(Account account, Digest right) {}

  private record Attempt(String email, Digest password) {}

  private final String key = Secrets.password();
  private volatile Map<String, Known> byEmail = new ConcurrentHashMap<>();
  private final RecentMap<Attempt, String> refused = new RecentMap<>(REFUSED);

  /**
   * Who shows a password that was found to be right and still is.
   *
   * @return null when that is not known
   */
  public Caller authenticate(String email, String password) {
    Known known = byEmail.get(Accounts.normal(email));
    return known != null && digest(password).equals(known.right)
        ? new Caller(known.account.tenant(), known.account.id(), null)
        : null;
  }

  /** Whether a password was found to be wrong, and the account has had no other since. */
  public boolean refuses(String email, String password) {
    String address = Accounts.normal(email);
    String hash = refused.get(new Attempt(address, digest(password)));
    return hash != null && hash.equals(hash(address));
  }

  /** A password was found to be right for an account as it was read. */
  public void found(Account account, String password) {
    put(account);
    Digest right = digest(password);
    byEmail.computeIfPresent(
        account.email(),
        (email, known) ->
            known.account.passwordHash().equals(account.passwordHash())
                ? new Known(known.account, right)
                : known);
  }

  /**
   * The judgement of one check, begun now.
   *
   * @return to be run when the password is found to be wrong
   */
  public Runnable refusal(String email, String password) {
    String address = Accounts.normal(email);
    // As it is before the check: what is read later may be older than the next password.
    String hash = hash(address);
    return () -> refused.put(new Attempt(address, digest(password)), hash);
  }

  void put(Account account) {
    byEmail.merge(account.email(), new Known(account, null), AccountDirectory::newer);
  }

  /** Even an older row replaces a newer one: the store may have been put back. */
  void replaceAll(List<Account> all) {
    Map<String, Known> loaded = new ConcurrentHashMap<>();
    for (Account account : all) {
      Known known = byEmail.get(account.email());
      loaded.put(account.email(), kept(account, known));
    }
    byEmail = loaded;
  }

  private static Known newer(Known one, Known other) {
    return other.account.revision() >= one.account.revision() ? kept(other.account, one) : one;
  }

  /** An account, with what is known of its password when it still has that. */
  private static Known kept(Account account, Known before) {
    boolean same = before != null && before.account.passwordHash().equals(account.passwordHash());
    return new Known(account, same ? before.right : null);
  }

  /** Empty when there is no such account. */
  private String hash(String address) {
    Known known = byEmail.get(address);
    return known == null ? "" : known.account.passwordHash();
  }

  private Digest digest(String password) {
    return Digest.of(key + password);
  }
}
