package mooring.core;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;

/**
 * The write-ahead log of a database that another one is recovered from. PostgreSQL recovers a
 * moment only when the archive holds a commit from after it, and a database that nobody writes to
 * makes none by itself. Both methods can be repeated at will; they fail with a {@link
 * SourceSilentException} while the database itself cannot be asked.
 */
public interface SourceLog {

  /** Where a recovery has what is missing archived by itself, so there is nothing to wait for. */
  SourceLog COMPLETE =
      new SourceLog() {
        @Override
        public Maybe<String> mark(Instance source, Credentials login, Instant moment) {
          return Maybe.just("");
        }

        @Override
        public Single<Boolean> archived(Instance source, Credentials login, String mark) {
          return Single.just(true);
        }
      };

  /**
   * Commits what changes nothing, after a moment.
   *
   * @return where in the log that is; empty while the moment has not passed by the database's clock
   */
  Maybe<String> mark(Instance source, Credentials login, Instant moment);

  /** Whether the archive holds the log up to a mark. */
  Single<Boolean> archived(Instance source, Credentials login, String mark);
}
