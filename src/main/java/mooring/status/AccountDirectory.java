package mooring.status;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Account;
import mooring.core.Caller;
import mooring.core.Secrets;

/**
 * The passwords that were found to be right, so that who shows one with every request pays for the
 * slow check once. One stops counting as soon as the feed has told of the account's next. What is
 * kept is a hash with a key that is nowhere else.
 */
public final class AccountDirectory {
  private static final int REMEMBERED = 10_000;

  private record Checked(UUID account, String passwordHash, Caller caller) {}

  private final String key = Secrets.password();
  private final Map<Digest, Checked> known = new ConcurrentHashMap<>();
  private volatile Map<UUID, Account> accounts = new ConcurrentHashMap<>();

  /**
   * Who shows credentials that were found to be right and still are.
   *
   * @param credentials an email address and a password, in one form throughout
   * @return null when that is not known
   */
  public Caller authenticate(String credentials) {
    Digest digest = digest(credentials);
    Checked checked = known.get(digest);
    if (checked == null) {
      return null;
    }
    Account account = accounts.get(checked.account);
    if (account != null && account.passwordHash().equals(checked.passwordHash)) {
      return checked.caller;
    }
    known.remove(digest, checked);
    return null;
  }

  /** Credentials were found to be right for an account as it was read. */
  public void found(String credentials, Account account) {
    put(account);
    if (known.size() >= REMEMBERED) {
      // Only as many checks more.
      known.clear();
    }
    Caller caller = new Caller(account.tenant(), account.id(), null);
    known.put(digest(credentials), new Checked(account.id(), account.passwordHash(), caller));
  }

  void put(Account account) {
    accounts.merge(
        account.id(), account, (one, other) -> other.revision() >= one.revision() ? other : one);
  }

  /** Even an older row replaces a newer one: the store may have been put back. */
  void replaceAll(List<Account> all) {
    Map<UUID, Account> loaded = new HashMap<>();
    all.forEach(account -> loaded.put(account.id(), account));
    accounts = new ConcurrentHashMap<>(loaded);
  }

  private Digest digest(String credentials) {
    return Digest.of(key + credentials);
  }
}
