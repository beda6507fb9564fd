package mooring.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A database as it is wanted: one row of the store with its latest operation. How it is doing is
 * not part of it; {@link Lifecycle} derives that from this and the last {@link Observation}.
 *
 * @param id its id
 * @param shortId 8 lower-case hexadecimal digits, unique over all databases ever
 * @param tenant who owns it
 * @param origin the API that created it
 * @param name as given
 * @param handle a DNS label, unique within the tenant until deletion has finished
 * @param spec what it is asked to be
 * @param address where its clients connect, never changed
 * @param owner the role that owns the first logical database
 * @param database the first logical database
 * @param desired whether it is wanted up or down
 * @param setup what is asked of it beyond that
 * @param contents the roles and logical databases that clients made within
 * @param migration the last import from elsewhere; null for none
 * @param attributes what an API has to echo and the model has no field for
 * @param createdAt when it was accepted
 * @param deletedAt when its deletion finished; null before
 * @param revision of the row; a higher one is newer
 * @param operation the latest operation, running or ended
 */
public record Instance(
    UUID id,
    String shortId,
    UUID tenant,
    Api origin,
    String name,
    String handle,
    InstanceSpec spec,
    Address address,
    String owner,
    String database,
    Desired desired,
    Setup setup,
    Contents contents,
    Migration migration,
    Map<String, String> attributes,
    Instant createdAt,
    Instant deletedAt,
    long revision,
    Operation operation) {

  public Instance {
    attributes = Map.copyOf(attributes);
  }

  /** With another wish. */
  public Instance wanted(InstanceSpec size, Desired up, Setup beyond, Map<String, String> echo) {
    return new Instance(
        id, shortId, tenant, origin, name, handle, size, address, owner, database, up, beyond,
        contents, migration, echo, createdAt, deletedAt, revision, operation);
  }

  /** With another name; its handle, address and objects keep theirs. */
  public Instance named(String other) {
    return new Instance(
        id,
        shortId,
        tenant,
        origin,
        other,
        handle,
        spec,
        address,
        owner,
        database,
        desired,
        setup,
        contents,
        migration,
        attributes,
        createdAt,
        deletedAt,
        revision,
        operation);
  }

  /** With other roles and logical databases within. */
  public Instance containing(Contents other) {
    return new Instance(
        id,
        shortId,
        tenant,
        origin,
        name,
        handle,
        spec,
        address,
        owner,
        database,
        desired,
        setup,
        other,
        migration,
        attributes,
        createdAt,
        deletedAt,
        revision,
        operation);
  }

  /** With another migration, or the same at another point. */
  public Instance migrating(Migration other) {
    return new Instance(
        id,
        shortId,
        tenant,
        origin,
        name,
        handle,
        spec,
        address,
        owner,
        database,
        desired,
        setup,
        contents,
        other,
        attributes,
        createdAt,
        deletedAt,
        revision,
        operation);
  }

  /** The logical databases that it was made with; they are the owner's and stay as long as it. */
  public List<String> firstDatabases() {
    return ownsPostgres() ? List.of(database, Names.APPLICATION_DATABASE) : List.of(database);
  }

  /** Whether the owner is given the logical database that is there before any other. */
  public boolean ownsPostgres() {
    return database.equals(Names.POSTGRES);
  }

  /** Whether its deletion has finished; what is left is a tombstone. */
  public boolean deleted() {
    return deletedAt != null;
  }

  /** The name of the Kubernetes objects, and the prefix of those with a suffix. */
  public String objectName() {
    return "db-" + shortId;
  }

  /**
   * Whether its daily backups stay for their time when it is deleted: the API that it was made
   * through says so, whoever deletes it.
   */
  public boolean backupsOutliveIt() {
    return origin == Api.IONOS && setup.retentionDays() > 0;
  }

  /** Whose read replica it is, or was; empty when it began as a database of its own. */
  public Optional<ReplicaOf> replicaOf() {
    return Optional.ofNullable(setup.lineage().replicaOf());
  }

  /** Whether it is to follow another database: what it holds is changed there. */
  public boolean follows() {
    return replicaOf().filter(ReplicaOf::follows).isPresent();
  }

  /** Whether it depends on the database that it follows: until its promotion has succeeded. */
  public boolean isReplica() {
    return !deleted() && replicaOf().filter(origin -> !origin.own()).isPresent();
  }

  /** Which of its servers are wanted; a restore in place brings up others. */
  public int generation() {
    return setup.lineage().generation();
  }

  /** The name of the object that carries its servers and their data. */
  public String clusterName() {
    return clusterName(generation());
  }

  /** The same of one generation. */
  public String clusterName(int generation) {
    return generation == 1 ? objectName() : objectName() + "-g" + generation;
  }

  /** The same of every generation there ever was. */
  public List<String> clusterNames() {
    return setup.lineage().all().mapToObj(this::clusterName).toList();
  }

  /** The name of the archive of its servers' backups and log. */
  public String archiveName() {
    return archiveName(generation(), spec.version());
  }

  /** The same of one generation with a version; none is written by two versions. */
  String archiveName(int generation, String version) {
    boolean upgraded = setup.lineage().upgraded(generation, version);
    return clusterName(generation) + (upgraded ? "-pg" + version : "");
  }

  /** The same of what was wanted at a moment. */
  public String archiveName(Instant moment) {
    return setup
        .lineage()
        .at(moment)
        .map(one -> archiveName(one.generation(), one.version()))
        .orElseGet(this::archiveName);
  }

  /** The names of all archives there ever were. */
  public List<String> archiveNames() {
    Stream<String> former =
        setup.lineage().former().stream().map(one -> archiveName(one.generation(), one.version()));
    return Stream.of(clusterNames().stream(), former, Stream.of(archiveName()))
        .flatMap(names -> names)
        .distinct()
        .toList();
  }

  /** The version that one of its archives is of. */
  public String versionOf(String archive) {
    return setup.lineage().former().stream()
        .filter(one -> archiveName(one.generation(), one.version()).equals(archive))
        .findFirst()
        .map(Lineage.Former::version)
        .orElse(spec.version());
  }

  /** With its deletion refused, whoever asks, or allowed. */
  public Instance deletionProtected(boolean on) {
    Setup other = setup.withPolicy(setup.policy().withDeletionProtected(on));
    return wanted(spec, desired, other, attributes);
  }

  /** As it is wanted by a restore in place. */
  public Instance restoredFrom(Recovery origin, Instant now) {
    return wanted(
        spec, Desired.RUNNING, setup.restoredFrom(origin, spec.version(), now), attributes);
  }

  /** As it was wanted before its restore in place. */
  public Instance unrestored() {
    return wanted(spec, desired, setup.reverted(), attributes);
  }

  /** As it is wanted by a restart. */
  Instance restarted(Instant now) {
    return wanted(spec, desired, setup.withRestartAt(now), attributes);
  }

  /** As it is wanted as a database of its own: what it has by then becomes its own, too. */
  Instance promoted(Instant now) {
    if (!follows()) {
      return this;
    }
    ReplicaOf origin = setup.lineage().replicaOf().promoted(now);
    return wanted(spec, desired, setup.replicaOf(origin), attributes)
        .containing(contents.copiedAt(null));
  }

  /** As it is once its promotion has succeeded. */
  public Instance detached() {
    ReplicaOf origin = setup.lineage().replicaOf().detached();
    return wanted(spec, desired, setup.replicaOf(origin), attributes);
  }

  /** As it is wanted by an upgrade to another major version. */
  public Instance upgraded(String version, Instant now) {
    return wanted(
        spec.withVersion(version), desired, setup.upgraded(spec.version(), now), attributes);
  }

  /** As it was wanted before its upgrade. */
  public Instance notUpgraded() {
    String before = setup.lineage().previous().version();
    return wanted(spec.withVersion(before), desired, setup.reverted(), attributes);
  }
}
