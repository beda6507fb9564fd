package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import mooring.core.Address;
import mooring.core.Change;
import mooring.core.Contents;
import mooring.core.Credentials;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.InstanceStore;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Recovery;
import mooring.core.Setup;

/** What is wanted, in PostgreSQL. */
final class PgInstances implements InstanceStore {
  private static final String SUPERSEDED = "superseded by the deletion of the database";
  private static final String STOPPED = "the migration was stopped";

  private final Database database;
  private final Passwords passwords;
  private final RolePasswords rolePasswords;
  private final MigrationPasswords migrationPasswords;
  private final Addresses addresses;

  PgInstances(
      Database database,
      Passwords passwords,
      RolePasswords rolePasswords,
      MigrationPasswords migrationPasswords,
      Addresses addresses) {
    this.database = database;
    this.passwords = passwords;
    this.rolePasswords = rolePasswords;
    this.migrationPasswords = migrationPasswords;
    this.addresses = addresses;
  }

  @Override
  public Single<Instance> create(Draft draft, Set<Address> avoid) {
    return database.transaction(tx -> create(tx, draft, avoid));
  }

  private Single<Instance> create(SqlConnection tx, Draft draft, Set<Address> avoid) {
    UUID id = UUID.randomUUID();
    UUID operation = UUID.randomUUID();
    String shortId = ShortIds.next();
    return ReplicaTable.source(tx, draft)
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .flatMap(source -> create(tx, draft, avoid, id, operation, shortId, source));
  }

  private Single<Instance> create(
      SqlConnection tx,
      Draft draft,
      Set<Address> avoid,
      UUID id,
      UUID operation,
      String shortId,
      Optional<Instance> source) {
    return NameCheck.handle(tx, draft, shortId)
        .flatMapCompletable(
            handle ->
                addresses
                    .allot(tx, shortId, draft.spec().engine(), avoid)
                    .flatMapCompletable(
                        at -> InstanceTable.insert(tx, id, shortId, handle, draft, at, operation)))
        .andThen(passwords.insert(tx, id, draft.credentials().password()))
        .andThen(
            OperationTable.insert(
                tx, operation, id, OperationKind.CREATE, InstanceState.PENDING, draft.deadline()))
        .andThen(
            AuditTable.asked(
                tx,
                draft.tenant(),
                draft.requestedBy(),
                OperationKind.CREATE.name(),
                id,
                operation))
        .andThen(takeOver(tx, id, draft.setup().recovery()))
        .andThen(
            source
                .map(followed -> InstanceTable.contain(tx, id, followed.contents()))
                .orElseGet(Completable::complete))
        .andThen(
            draft.migration() == null
                ? Completable.complete()
                : migrationPasswords.put(tx, id, draft.migration().password()))
        .andThen(InstanceTable.publish(tx, id));
  }

  /** A copy has the roles and logical databases that its source had where the copy ends. */
  private Completable takeOver(SqlConnection tx, UUID id, Recovery recovery) {
    if (recovery == null) {
      return Completable.complete();
    }
    return InstanceTable.get(tx, recovery.source())
        .filter(source -> !source.deleted() && !source.contents().isEmpty())
        .flatMapCompletable(
            source -> {
              Contents copied = source.contents().copiedAt(recovery.end());
              return InstanceTable.contain(tx, id, copied)
                  .andThen(rolePasswords.copy(tx, source.id(), source.contents(), id, copied));
            });
  }

  @Override
  public Single<Instance> change(
      UUID tenant, String shortId, Function<Instance, Optional<Change>> decide) {
    return database.transaction(
        tx ->
            ReplicaTable.lockSource(tx, tenant, shortId)
                .andThen(InstanceTable.lock(tx, tenant, shortId))
                .switchIfEmpty(Single.error(PgInstances::notFound))
                .flatMap(id -> InstanceTable.get(tx, id).toSingle())
                .flatMap(
                    known ->
                        decide
                            .apply(known)
                            .map(change -> store(tx, known, change))
                            .orElseGet(() -> Single.just(known))));
  }

  @Override
  public Single<Instance> rename(
      UUID tenant, String shortId, String name, boolean unique, UUID requestedBy) {
    return database.transaction(
        tx ->
            InstanceTable.lock(tx, tenant, shortId)
                .switchIfEmpty(Single.error(PgInstances::notFound))
                .flatMap(
                    id ->
                        (unique ? NameCheck.unique(tx, tenant, name, id) : Completable.complete())
                            .andThen(InstanceTable.rename(tx, id, name))
                            .andThen(AuditTable.done(tx, tenant, requestedBy, "RENAME", id))
                            .andThen(InstanceTable.publish(tx, id))));
  }

  /** Too late for any rule: whoever heard of a success would believe that it holds. */
  private static void requireNotDeleting(Operation latest) {
    if (latest.kind() == OperationKind.DELETE && latest.running()) {
      throw new ProblemException(new Problem.Conflict("the database is being deleted"));
    }
  }

  private Single<Instance> store(SqlConnection tx, Instance known, Change change) {
    return change.kind() == null ? keep(tx, known, change) : begin(tx, known, change);
  }

  /** What takes no operation is whether deletion is refused, or the end of a waiting migration. */
  private static Single<Instance> keep(SqlConnection tx, Instance known, Change change) {
    requireNotDeleting(known.operation());
    if (!Objects.equals(known.migration(), change.wanted().migration())) {
      return withdraw(tx, known, change);
    }
    Setup kept = change.wanted().setup();
    String action = kept.policy().deletionProtected() ? "PROTECT" : "UNPROTECT";
    return InstanceTable.setUp(tx, known.id(), kept)
        .andThen(AuditTable.done(tx, known.tenant(), change.requestedBy(), action, known.id()))
        .andThen(InstanceTable.publish(tx, known.id()));
  }

  /** A migration that has not begun never does. */
  private static Single<Instance> withdraw(SqlConnection tx, Instance known, Change change) {
    return InstanceTable.change(tx, change.wanted(), known.operation().id())
        .andThen(MigrationPasswords.erase(tx, known.id()))
        .andThen(
            AuditTable.done(
                tx,
                known.tenant(),
                change.requestedBy(),
                OperationKind.STOP_MIGRATION.name(),
                known.id()))
        .andThen(InstanceTable.publish(tx, known.id()));
  }

  private Single<Instance> begin(SqlConnection tx, Instance known, Change change) {
    UUID operation = UUID.randomUUID();
    return ReplicaTable.allow(tx, known, change.wanted(), change.kind())
        .andThen(makeWay(tx, known.operation(), change.kind()))
        .andThen(password(tx, change))
        .andThen(promoted(tx, known, change.wanted()))
        .andThen(
            OperationTable.insert(
                tx, operation, known.id(), change.kind(), change.acceptedIn(), change.deadline()))
        .andThen(InstanceTable.change(tx, change.wanted(), operation))
        .andThen(
            change.kind() == OperationKind.ADMINISTER
                ? ReplicaTable.contain(tx, known.id(), change.wanted().contents())
                : Completable.complete())
        .andThen(
            AuditTable.asked(
                tx,
                known.tenant(),
                change.requestedBy(),
                change.kind().name(),
                known.id(),
                operation))
        .andThen(InstanceTable.publish(tx, known.id()));
  }

  /** What stops following takes the passwords of what it has followed with it. */
  private Completable promoted(SqlConnection tx, Instance known, Instance wanted) {
    if (!known.follows() || wanted.follows()) {
      return Completable.complete();
    }
    UUID source = known.replicaOf().orElseThrow().source();
    return passwords
        .copy(tx, source, known.id())
        .andThen(rolePasswords.copy(tx, source, known.contents(), known.id(), wanted.contents()));
  }

  /** Only a delete supersedes, and not another delete; or the stop of a migration, that. */
  private Completable makeWay(SqlConnection tx, Operation latest, OperationKind kind) {
    if (!latest.running()) {
      return Completable.complete();
    }
    boolean stop = kind == OperationKind.STOP_MIGRATION && latest.kind() == OperationKind.MIGRATE;
    if (!stop && (kind != OperationKind.DELETE || latest.kind() == OperationKind.DELETE)) {
      return Completable.error(
          new ProblemException(
              new Problem.Conflict("another operation is running on the database")));
    }
    String why = stop ? STOPPED : SUPERSEDED;
    return OperationTable.supersede(tx, latest.id(), why)
        .andThen(passwords.drop(tx, latest.instance()))
        .andThen(AuditTable.ended(tx, latest.id(), Outcome.INTERRUPTED, why));
  }

  private Completable password(SqlConnection tx, Change change) {
    if (change.password() == null) {
      return Completable.complete();
    }
    Instance wanted = change.wanted();
    return switch (change.kind()) {
      case ADMINISTER ->
          rolePasswords.propose(tx, wanted.id(), wanted.contents(), change.password());
      case MIGRATE -> migrationPasswords.put(tx, wanted.id(), change.password());
      default -> passwords.propose(tx, wanted.id(), change.password());
    };
  }

  @Override
  public Maybe<Instance> find(String shortId) {
    return database.statement(client -> InstanceTable.get(client, shortId));
  }

  @Override
  public Maybe<Instance> find(UUID id) {
    return database.statement(client -> InstanceTable.get(client, id));
  }

  @Override
  public Maybe<Instance> find(UUID tenant, String handle) {
    return database.statement(client -> InstanceTable.get(client, tenant, handle));
  }

  @Override
  public Maybe<Instance> findByOperation(UUID operation) {
    return database.statement(client -> InstanceTable.getByOperation(client, operation));
  }

  @Override
  public Single<Credentials> credentials(Instance instance) {
    return login(instance, passwords::established);
  }

  @Override
  public Single<Credentials> wantedCredentials(Instance instance) {
    // What follows has what its source has by now.
    return instance.follows() ? credentials(instance) : login(instance, passwords::wanted);
  }

  @Override
  public Single<Map<UUID, String>> rolePasswords(Instance instance) {
    if (instance.contents().roles().isEmpty()) {
      return Single.just(Map.of());
    }
    return database
        .statement(
            client -> rolePasswords.wanted(client, holder(instance), instance.contents()).toMaybe())
        .toSingle();
  }

  @Override
  public Single<String> migrationPassword(Instance instance) {
    return database
        .statement(client -> migrationPasswords.get(client, instance.id()).toMaybe())
        .toSingle();
  }

  private Single<Credentials> login(
      Instance instance, BiFunction<SqlClient, UUID, Maybe<String>> password) {
    return database
        .statement(client -> password.apply(client, holder(instance)))
        .switchIfEmpty(Single.error(PgInstances::notFound))
        .map(found -> new Credentials(instance.owner(), found, instance.database()));
  }

  /** Whose passwords the servers have: a copy that follows has those of its source. */
  private static UUID holder(Instance instance) {
    return instance.follows() ? instance.replicaOf().orElseThrow().source() : instance.id();
  }

  static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("database not found"));
  }
}
