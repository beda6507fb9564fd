package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.PublicIds;
import mooring.api.Reply;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.KnownFault;
import mooring.core.Operation;
import mooring.core.Operation.Cause;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Revised;
import mooring.status.Encoded;
import mooring.status.OperationDirectory;

/**
 * The operations that changes are answered with, from memory. What needed none is answered with one
 * that has succeeded and goes by the service's own id.
 */
final class ExoscaleOperations implements Poll {
  private static final String SUCCESS = "success";
  private static final String FAULT = "fault";

  private final OperationDirectory directory;

  ExoscaleOperations(OperationDirectory directory) {
    this.directory = directory;
  }

  @Override
  public Encoded read(Caller caller, String id, Parameters more) {
    UUID operation = PublicIds.uuid(id);
    if (operation == null) {
      throw notFound();
    }
    OperationDirectory.Known known = directory.get(caller.tenant(), operation);
    if (known != null) {
      return known.encoded(ExoscaleOperations::encoded);
    }
    if (directory.nowhere(caller.tenant(), operation)) {
      throw notFound();
    }
    return null;
  }

  @Override
  public Completable lookUp(Caller caller, String id, Parameters more) {
    return directory.lookUp(caller.tenant(), PublicIds.uuid(id));
  }

  /** The answer to a change that takes an operation. */
  static Reply reply(Instance changed) {
    return Reply.ok(json(changed.operation(), changed.handle()).toBuffer());
  }

  /**
   * The answer to a change that may take none. What else is under way, or has failed, is none of
   * its business then.
   *
   * @param wished whether anything was asked for that the servers have to be given; asked for
   *     again, it is real no sooner than by the operation that was asked for first
   */
  static Reply reply(Revised revised, boolean wished) {
    Instance changed = revised.instance();
    Operation latest = changed.operation();
    boolean same = wished && latest.running() && revises(latest.kind());
    return revised.begun() || same
        ? reply(changed)
        : Reply.ok(done(changed.id(), changed.handle()).toBuffer());
  }

  /** Whether such an operation may be what makes a wish of before real. */
  private static boolean revises(OperationKind kind) {
    return switch (kind) {
      case CREATE, RESIZE, UPDATE, RESTART, UPGRADE -> true;
      default -> false;
    };
  }

  private static Encoded encoded(OperationDirectory.Known known) {
    JsonObject json =
        known.operation() == null
            ? done(known.instance(), known.handle())
            : json(known.operation(), known.handle());
    return Encoded.of(json.toBuffer());
  }

  private static JsonObject done(UUID instance, String handle) {
    return new JsonObject()
        .put("id", instance.toString())
        .put("state", SUCCESS)
        .put("reference", reference(instance, handle));
  }

  private static JsonObject json(Operation operation, String handle) {
    JsonObject json = new JsonObject().put("id", operation.id().toString());
    switch (operation.outcome()) {
      case RUNNING -> json.put("state", "pending");
      case SUCCEEDED -> json.put("state", SUCCESS);
      case INTERRUPTED -> ended(json, "failure", "interrupted", operation);
      case FAILED -> {
        switch (cause(operation)) {
          case SERVERS -> ended(json, "failure", "conflict", operation);
          case PLATFORM -> ended(json, "failure", fault(operation), operation);
          case DEADLINE -> ended(json, "timeout", "unavailable", operation);
        }
      }
    }
    return json.put("reference", reference(operation.instance(), handle));
  }

  /** Where it is not recorded, the time tells; what is within the servers is theirs to refuse. */
  private static Cause cause(Operation failed) {
    if (failed.cause() != null) {
      return failed.cause();
    }
    if (!failed.endedAt().isBefore(failed.deadline())) {
      return Cause.DEADLINE;
    }
    return failed.kind() == OperationKind.ADMINISTER ? Cause.SERVERS : Cause.PLATFORM;
  }

  /** Of a migration or an upgrade more is known. */
  private static String fault(Operation failed) {
    OperationKind kind = failed.kind();
    return kind == OperationKind.MIGRATE || kind == OperationKind.UPGRADE
        ? KnownFault.of(failed.reason()).map(KnownFault::word).orElse(FAULT)
        : FAULT;
  }

  private static void ended(JsonObject json, String state, String reason, Operation operation) {
    json.put("state", state).put("reason", reason);
    if (operation.reason() != null) {
      json.put("message", ExoscaleWords.of(operation.reason()));
    }
  }

  private static JsonObject reference(UUID instance, String handle) {
    return new JsonObject()
        .put("id", instance.toString())
        .put("link", "/v2/dbaas-postgres/" + handle)
        .put("command", "get-dbaas-service-pg");
  }

  private static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("operation not found"));
  }
}
