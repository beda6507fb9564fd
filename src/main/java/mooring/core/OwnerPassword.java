package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;

/** Changes of the password that a database's owner logs in with. */
final class OwnerPassword {
  /** Longer than a reset's own deadline, so that its end is heard. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final int LOOKS = 2;
  private static final int RETRY_SECONDS = 5;

  private final InstanceStore store;
  private final Changes changes;
  private final Endings endings;

  OwnerPassword(InstanceStore store, Changes changes, Endings endings) {
    this.store = store;
    this.changes = changes;
    this.endings = endings;
  }

  /** Asks for a new one; the old one works until the operation has succeeded. */
  Single<Instance> begin(Caller caller, String shortId, String password) {
    return changes.ask(
        caller, shortId, OperationKind.RESET_PASSWORD, password, one -> {}, one -> one);
  }

  /**
   * Asks for a new one, and answers once the server has taken it.
   *
   * @return the new credentials; {@link Problem.Unavailable} when the server did not take it in
   *     time, in which case the old password goes on working
   */
  Single<Credentials> reset(Caller caller, String shortId, String password) {
    return begin(caller, shortId, password)
        .flatMap(
            one ->
                endings
                    .ended(one.id(), one.operation().id(), LIMIT)
                    .filter(ended -> ended.operation().outcome() == Operation.Outcome.SUCCEEDED)
                    .map(ended -> new Credentials(one.owner(), password, one.database()))
                    // The record knows, also when another operation has followed unheard.
                    .switchIfEmpty(Single.defer(() -> store.credentials(one)).retry(LOOKS)))
        .map(
            established -> {
              if (!established.password().equals(password)) {
                throw new ProblemException(
                    new Problem.Unavailable(
                        "the password could not be changed now", RETRY_SECONDS));
              }
              return established;
            });
  }
}
