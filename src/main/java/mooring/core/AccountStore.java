package mooring.core;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;
import java.util.UUID;

/** Accounts and their refresh tokens. Fails like {@link InstanceStore} while it is away. */
public interface AccountStore {

  /** Makes an account; {@link Problem.Conflict} when the email address is taken. */
  Single<Account> create(UUID tenant, String email, String name, String passwordHash);

  /** Sets the password of an account and ends its sessions; empty when there is none such. */
  Maybe<Account> setPassword(UUID tenant, String email, String passwordHash);

  /** The account of an email address. */
  Maybe<Account> find(String email);

  /** The account a caller stands for: its own, or with a token of the tenant the tenant's first. */
  Maybe<Account> find(Caller caller);

  /**
   * Stores the first refresh token of a new family, and forgets the account's expired ones.
   *
   * @param account as it was when its password was checked
   * @return empty when it has another password since
   */
  Maybe<Account> open(Account account, RefreshToken token);

  /**
   * Uses up a refresh token and stores the next one of its family.
   *
   * @param hash of the token that is shown
   * @return empty when it does not work; one that was used before ends its family
   */
  Maybe<Account> renew(String hash, RefreshToken next);

  /**
   * What is stored of a refresh token.
   *
   * @param hash SHA-256 of the secret, in lower-case hexadecimal digits
   * @param expiresAt when it stops working
   */
  record RefreshToken(String hash, Instant expiresAt) {
    @Override
    public String toString() {
      return "RefreshToken[" + expiresAt + "]";
    }
  }
}
