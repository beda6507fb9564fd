package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** How a change of a database is accepted: decided with its row locked, if its state allows it. */
final class Changes {
  private final InstanceStore store;
  private final Observations observations;
  private final Consumer<Instance> publish;
  private final Deadlines deadlines;

  /**
   * @param publish hears of every row written here, before the caller does
   */
  Changes(
      InstanceStore store,
      Observations observations,
      Consumer<Instance> publish,
      Deadlines deadlines) {
    this.store = store;
    this.observations = observations;
    this.publish = publish;
    this.deadlines = deadlines;
  }

  /**
   * Decides on a change.
   *
   * @param decision gets the locked row; empty leaves it as it is; a {@link ProblemException}
   *     refuses
   */
  Single<Instance> decide(
      Caller caller, String shortId, Function<Instance, Optional<Change>> decision) {
    return store.change(caller.tenant(), shortId, decision).doOnSuccess(publish::accept);
  }

  /**
   * Asks for a change.
   *
   * @param wish makes the new wish of the present one; a {@link ProblemException} refuses
   * @return the database after that; {@link Problem.NotNow} unless the state allows it
   */
  Single<Instance> ask(
      Caller caller, String shortId, OperationKind kind, UnaryOperator<Instance> wish) {
    return ask(caller, shortId, kind, null, one -> {}, wish);
  }

  /**
   * The same with a password and a check of one's own.
   *
   * @param password that the operation is to set or to use; null for none
   * @param check sees the database before its state is looked at; a {@link ProblemException}
   *     refuses
   */
  Single<Instance> ask(
      Caller caller,
      String shortId,
      OperationKind kind,
      String password,
      Consumer<Instance> check,
      UnaryOperator<Instance> wish) {
    return decide(
        caller,
        shortId,
        one -> {
          check.accept(one);
          requireNow(one, kind);
          return Optional.of(of(caller, one, wish.apply(one), kind, password));
        });
  }

  /** {@link Problem.NotNow} unless the state of a database allows an operation. */
  void requireNow(Instance instance, OperationKind kind) {
    Replicas.requireOwn(instance, kind);
    Observation seen = observations.of(instance.id());
    if (!Lifecycle.accepts(instance, seen, kind)) {
      Status status = Lifecycle.status(instance, seen);
      throw new ProblemException(new Problem.NotNow(kind, status, instance.spec().instances()));
    }
  }

  /**
   * A change that takes an operation, of a database whose state allows it.
   *
   * @param known the database as it is
   * @param wanted the database as it is to be
   */
  Change of(Caller caller, Instance known, Instance wanted, OperationKind kind, String password) {
    // What is shown until a deletion is done is what was shown before.
    InstanceState shown = Lifecycle.status(known, observations.of(known.id())).before();
    return new Change(wanted, kind, shown, deadlines.of(kind), password, caller.token());
  }
}
