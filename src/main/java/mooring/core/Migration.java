package mooring.core;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The import of a PostgreSQL from elsewhere into a database, asked for once; it stays to be told of
 * when it has ended.
 *
 * @param source where the data are
 * @param phase how far it is
 * @param address of the source, as it was looked up and found allowed; null before
 * @param listed whether the source has said which logical databases it has
 * @param copies one for each of them, in their order
 * @param error why it has failed, for a human; null while it has not
 */
public record Migration(
    Source source, Phase phase, String address, boolean listed, List<Copy> copies, String error) {

  /** How far a migration is. */
  public enum Phase {
    /** Asked for together with the database; it begins when that runs. */
    WAITING,
    RUNNING,
    DONE,
    FAILED,
    STOPPED
  }

  /**
   * Where data are imported from; the password is kept elsewhere.
   *
   * @param host a name or an address
   * @param port at the host
   * @param username who logs in there
   * @param database the logical database that is connected to first
   * @param encrypted whether the connection has to be; null for as the server likes
   */
  public record Source(
      String host, int port, String username, String database, Boolean encrypted) {}

  /** How one logical database stands. */
  public enum State {
    /** It waits for its turn, or is copied right now. */
    UNDER_WAY,
    DONE,
    FAILED
  }

  /**
   * The copy of one logical database.
   *
   * @param database its name, there and here
   * @param error why it has failed; null while it has not
   */
  public record Copy(String database, State state, String error) {
    /** One that is still to be made. */
    public static Copy of(String database) {
      return new Copy(database, State.UNDER_WAY, null);
    }

    /** One that is there. */
    public Copy done() {
      return new Copy(database, State.DONE, null);
    }

    /** One that cannot be made. */
    public Copy failed(String why) {
      return new Copy(database, State.FAILED, why);
    }
  }

  public Migration {
    copies = List.copyOf(copies);
  }

  /** One that is asked for. */
  public static Migration of(Source source) {
    return new Migration(source, Phase.WAITING, null, false, List.of(), null);
  }

  /** Under way. */
  public Migration begun() {
    return new Migration(source, Phase.RUNNING, null, false, List.of(), null);
  }

  /** With the address that its host leads to: that is connected to until its end. */
  public Migration located(String checked) {
    return new Migration(source, phase, checked, listed, copies, error);
  }

  /** With what the source has. */
  public Migration found(String checked, List<Copy> all) {
    return new Migration(source, phase, checked, true, all, error);
  }

  /** With one of its copies as it is now. */
  public Migration with(int number, Copy copy) {
    List<Copy> changed = new ArrayList<>(copies);
    changed.set(number, copy);
    return new Migration(source, phase, address, listed, changed, error);
  }

  /** At its end. */
  public Migration ended(Phase how, String why) {
    return new Migration(source, how, address, listed, copies, why);
  }

  /** The number of the copy that is to be made next; empty when there is none left. */
  public OptionalInt next() {
    for (int number = 0; number < copies.size(); number++) {
      if (copies.get(number).state() == State.UNDER_WAY) {
        return OptionalInt.of(number);
      }
    }
    return OptionalInt.empty();
  }

  /** How many of its copies stand so. */
  public long count(State state) {
    return copies.stream().filter(copy -> copy.state() == state).count();
  }
}
