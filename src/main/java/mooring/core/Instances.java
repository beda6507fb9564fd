package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What can be done with databases. Reads are answered by the status cache, not here. */
public final class Instances {
  private final InstanceStore store;
  private final Observations observations;
  private final Consumer<Instance> publish;
  private final Offer offer;
  private final Deadlines deadlines;

  /**
   * @param publish hears of every row written here, before the caller does
   */
  public Instances(
      InstanceStore store,
      Observations observations,
      Consumer<Instance> publish,
      Offer offer,
      Deadlines deadlines) {
    this.store = store;
    this.observations = observations;
    this.publish = publish;
    this.offer = offer;
    this.deadlines = deadlines;
  }

  /**
   * Accepts a database: it is durable when this succeeds, and real some time later.
   *
   * @return the database; {@link Problem.Invalid} naming a refused field, {@link Problem.Conflict}
   *     when the name is taken
   */
  public Single<Instance> create(Caller caller, NewDatabase asked) {
    return Single.defer(
            () -> store.create(draft(caller, asked), observations.unaccountedAddresses()))
        .doOnSuccess(publish::accept);
  }

  /** Asks for the deletion of a database and its data; repeated while it runs, it is the same. */
  public Completable delete(Caller caller, String shortId) {
    return store
        .change(caller.tenant(), shortId, instance -> deletion(caller, instance))
        .doOnSuccess(publish::accept)
        .ignoreElement();
  }

  /** What a client needs to log in, known from the moment of acceptance. */
  public Single<Credentials> credentials(Instance instance) {
    return store.credentials(instance);
  }

  private Draft draft(Caller caller, NewDatabase asked) {
    requireOffered(asked.spec());
    String handle = Names.handle(asked.name());
    Credentials credentials =
        new Credentials(asked.username(), Secrets.password(), Names.database(handle));
    return new Draft(
        caller.tenant(),
        asked.origin(),
        asked.name(),
        handle,
        asked.spec(),
        credentials,
        asked.attributes(),
        deadlines.of(OperationKind.CREATE),
        caller.token());
  }

  private void requireOffered(InstanceSpec spec) {
    List<String> versions = offer.versionsOf(spec.engine());
    if (!versions.contains(spec.version())) {
      String message = "version must be one of " + String.join(", ", versions);
      throw new ProblemException(new Problem.Invalid(Field.VERSION, message));
    }
  }

  private Optional<Change> deletion(Caller caller, Instance instance) {
    Observation seen = observations.of(instance.id());
    if (!Lifecycle.accepts(instance, seen, OperationKind.DELETE)) {
      return Optional.empty();
    }
    // What is shown until it is gone is what was shown before.
    InstanceState shown = Lifecycle.status(instance, seen).before();
    return Optional.of(
        new Change(
            instance,
            OperationKind.DELETE,
            shown,
            deadlines.of(OperationKind.DELETE),
            caller.token()));
  }
}
