package mooring.core;

import java.util.List;

/** Makes of what an API asks for a database that can be accepted, or refuses it. */
final class Drafts {
  private final Offer offer;
  private final Deadlines deadlines;

  Drafts(Offer offer, Deadlines deadlines) {
    this.offer = offer;
    this.deadlines = deadlines;
  }

  /** The draft; {@link Problem.Invalid} naming a refused field. */
  Draft draft(Caller caller, NewDatabase asked) {
    requireOffered(asked.spec());
    String handle = handle(asked);
    return new Draft(
        caller.tenant(),
        asked.origin(),
        asked.name(),
        handle,
        asked.spec(),
        credentials(asked, handle),
        asked.setup(),
        asked.unique(),
        asked.attributes(),
        asked.setup().recovery() == null && asked.setup().lineage().replicaOf() == null
            ? deadlines.of(OperationKind.CREATE)
            : deadlines.recovery(),
        caller.token(),
        asked.migration());
  }

  private static String handle(NewDatabase asked) {
    // There the name is a label, and all there is to find it by.
    return asked.origin() == Api.EXOSCALE ? asked.name() : Names.handle(asked.name());
  }

  private static Credentials credentials(NewDatabase asked, String handle) {
    NewDatabase.Login login = asked.login();
    return new Credentials(
        login.username(),
        login.password() == null ? Secrets.password() : login.password(),
        login.database() == null
            ? Names.database(asked.spec().engine(), handle)
            : login.database());
  }

  private void requireOffered(InstanceSpec spec) {
    List<String> versions = offer.versionsOf(spec.engine());
    if (!versions.contains(spec.version())) {
      String message = "version must be one of " + String.join(", ", versions);
      throw new ProblemException(new Problem.Invalid(Field.VERSION, message));
    }
    if (spec.instances() > 1 && !spec.engine().replicated()) {
      String message = "must be 1: " + spec.engine().title() + " runs with a single instance here";
      throw new ProblemException(new Problem.Invalid(Field.INSTANCES, message));
    }
  }
}
