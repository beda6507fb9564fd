package mooring.work;

import io.reactivex.rxjava3.core.Maybe;

/**
 * How far it is with the archive that a database is recovered from, as this replica knows it; who
 * takes over begins anew.
 */
final class OriginMark {
  private final Patience unreached = new Patience();
  private final Patience unarchived = new Patience();
  private String known;
  private boolean settled;

  /** The mark that has to be archived; empty before there is one. */
  Maybe<String> known() {
    return Maybe.fromCallable(() -> known);
  }

  void known(String mark) {
    known = mark;
  }

  /** It could be asked. */
  void answered() {
    unreached.renew();
  }

  /** With a database that cannot be asked. */
  Patience unreached() {
    return unreached;
  }

  /** With an archive that the log does not arrive in. */
  Patience unarchived() {
    return unarchived;
  }

  /** Whether nothing is waited for any more. */
  boolean settled() {
    return settled;
  }

  void settled(boolean enough) {
    settled = enough;
  }
}
