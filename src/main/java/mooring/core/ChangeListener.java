package mooring.core;

import java.util.List;

/** Hears of every committed change of the store, in the order of the commits. */
public interface ChangeListener {

  /** Everything is about to be read; what is written from now on is newer than what was read. */
  default void loading() {}

  /**
   * All accounts, before everything else that is told at the first connection and after each lost
   * one.
   */
  default void loadedAccounts(List<Account> accounts) {}

  /** Accounts that changed since. */
  default void changedAccounts(List<Account> accounts) {}

  /** All access keys, at the same time. */
  default void loadedAccessKeys(List<AccessKey> keys) {}

  /** Access keys that changed since. */
  default void changedAccessKeys(List<AccessKey> keys) {}

  /** Everything that is wanted, at the first connection and after each lost one. */
  void loaded(List<Instance> instances, List<Token> tokens);

  /** What changed since, each list in the order of revisions, without gaps. */
  void changed(List<Instance> instances, List<Token> tokens);
}
