package mooring.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What clients made within a database, in the order in which they did.
 *
 * @param roles its roles
 * @param databases its logical databases
 */
public record Contents(List<Role> roles, List<LogicalDatabase> databases) {

  /** Nothing yet. */
  public static final Contents NONE = new Contents(List.of(), List.of());

  public Contents {
    roles = List.copyOf(roles);
    databases = List.copyOf(databases);
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return roles.isEmpty() && databases.isEmpty();
  }

  /** A role by its name. */
  public Optional<Role> role(String name) {
    return roles.stream().filter(role -> role.name().equals(name)).findFirst();
  }

  /** A logical database by its name. */
  public Optional<LogicalDatabase> database(String name) {
    return databases.stream().filter(database -> database.name().equals(name)).findFirst();
  }

  /** The logical databases of a role. */
  public List<String> ownedBy(String role) {
    return databases.stream()
        .filter(database -> database.owner().equals(role))
        .map(LogicalDatabase::name)
        .toList();
  }

  /** The role whose new password is to be taken over: one that is made or changed. */
  public Optional<Role> proposed() {
    return roles.stream()
        .filter(role -> role.stage() == Stage.MAKING || role.stage() == Stage.CHANGING)
        .findFirst();
  }

  /** Whether something is to be removed. */
  public boolean removing() {
    return roles.stream().anyMatch(role -> role.stage() == Stage.REMOVING)
        || databases.stream().anyMatch(database -> database.stage() == Stage.REMOVING);
  }

  /** Whether a logical database is to be made with a locale that the servers may not have. */
  public boolean choosingLocale() {
    return databases.stream()
        .anyMatch(
            database ->
                database.stage() == Stage.MAKING
                    && !database.locale().equals(LogicalDatabase.Locale.OWN));
  }

  /** With another role. */
  public Contents with(Role role) {
    return new Contents(
        put(roles, role, one -> one.id().equals(role.id()) ? role : one), databases);
  }

  /** With another logical database. */
  public Contents with(LogicalDatabase database) {
    return new Contents(
        roles, put(databases, database, one -> one.id().equals(database.id()) ? database : one));
  }

  /**
   * What there is when what was asked for has been done, or taken back: of something that was to be
   * made nothing stays when it was taken back, and of something to be removed nothing when not.
   */
  public Contents settled(boolean done) {
    return new Contents(
        roles.stream()
            .filter(role -> stays(role.stage(), done))
            .map(role -> done ? role.at(Stage.THERE) : role.before())
            .toList(),
        databases.stream()
            .filter(database -> stays(database.stage(), done))
            .map(database -> database.at(Stage.THERE))
            .toList());
  }

  /** All there is, whatever was under way: nobody knows how far that has come. */
  public Contents abandoned() {
    return new Contents(
        roles.stream().map(role -> role.at(Stage.THERE)).toList(),
        databases.stream().map(database -> database.at(Stage.THERE)).toList());
  }

  /**
   * What a copy of a moment has of it, with ids of its own: what was there then and still is.
   *
   * @param moment null stands for the end of all that was recorded
   */
  public Contents copiedAt(Instant moment) {
    return new Contents(
        roles.stream()
            .filter(role -> role.stage() != Stage.MAKING && before(role.createdAt(), moment))
            .map(
                role ->
                    new Role(
                        UUID.randomUUID(),
                        role.name(),
                        role.replication(),
                        Stage.THERE,
                        role.createdAt(),
                        role.modifiedAt()))
            .toList(),
        databases.stream()
            .filter(one -> one.stage() != Stage.MAKING && before(one.createdAt(), moment))
            .map(
                one ->
                    new LogicalDatabase(
                        UUID.randomUUID(),
                        one.name(),
                        one.owner(),
                        one.locale(),
                        Stage.THERE,
                        one.createdAt()))
            .toList());
  }

  private static boolean before(Instant created, Instant moment) {
    return moment == null || created.isBefore(moment);
  }

  private static boolean stays(Stage stage, boolean done) {
    return switch (stage) {
      case MAKING -> done;
      case REMOVING -> !done;
      case THERE, CHANGING, SWITCHING -> true;
    };
  }

  private static <T> List<T> put(List<T> all, T one, Function<T, T> replaced) {
    List<T> next = new ArrayList<>(all.stream().map(replaced).toList());
    return next.contains(one) ? next : Stream.concat(all.stream(), Stream.of(one)).toList();
  }
}
