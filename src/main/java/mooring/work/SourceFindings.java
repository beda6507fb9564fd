package mooring.work;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import mooring.core.Contents;
import mooring.core.Instance;
import mooring.core.LogicalDatabase;
import mooring.core.Migration;
import mooring.core.Migration.Copy;
import mooring.core.MigrationProgress.Found;
import mooring.core.Names;
import mooring.core.Stage;

/** What the source of a migration has, and what that makes of the database it goes into. */
final class SourceFindings {
  private SourceFindings() {}

  /** With a copy of each to be made, and a logical database to be made for each that is missing. */
  static Instance recorded(Instance one, String address, List<Found> all) {
    List<Copy> copies = new ArrayList<>();
    Contents contents = one.contents();
    for (Found its : all) {
      Copy copy = copy(one, its);
      copies.add(copy);
      if (copy.state() == Migration.State.UNDER_WAY && !isThere(one, its.name())) {
        contents = contents.with(database(one, its.name()));
      }
    }
    return one.containing(contents).migrating(one.migration().found(address, copies));
  }

  /** What is occupied stays as it is: nothing is overwritten that was there before. */
  private static Copy copy(Instance one, Found its) {
    Copy copy = Copy.of(its.name());
    if (Names.reservedDatabase(its.name()) || !isName(its.name())) {
      return copy.failed("a database cannot have this name here");
    }
    boolean others =
        one.contents()
            .database(its.name())
            .filter(there -> !there.owner().equals(one.owner()))
            .isPresent();
    if (others) {
      return copy.failed("the database of this name here is another role's");
    }
    return its.occupied() ? copy.failed("the database of this name here is not empty") : copy;
  }

  /** The source may say anything: PostgreSQL would cut what is longer. */
  private static boolean isName(String said) {
    return said.getBytes(StandardCharsets.UTF_8).length <= Names.MAX
        && said.chars().noneMatch(Character::isISOControl);
  }

  /** Whether this migration is making a database, so that what is there is its own. */
  static boolean making(Instance one, String name) {
    return one.contents().database(name).filter(there -> there.stage() == Stage.MAKING).isPresent();
  }

  /** The same one, however often it is recorded. */
  private static LogicalDatabase database(Instance one, String name) {
    UUID id =
        UUID.nameUUIDFromBytes(
            (one.operation().id() + "/" + name).getBytes(StandardCharsets.UTF_8));
    return new LogicalDatabase(id, name, one.owner(), Stage.MAKING, Instant.now());
  }

  private static boolean isThere(Instance one, String name) {
    return one.firstDatabases().contains(name) || one.contents().database(name).isPresent();
  }

  /** With one of the copies made: its logical database stays from now on. */
  static Instance copied(Instance one, int number, Copy copy) {
    Contents contents =
        one.contents()
            .database(copy.database())
            .map(there -> one.contents().with(there.at(Stage.THERE)))
            .orElse(one.contents());
    return one.containing(contents).migrating(one.migration().with(number, copy));
  }
}
