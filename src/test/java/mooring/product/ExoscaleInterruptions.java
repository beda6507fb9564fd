package mooring.product;

import static mooring.product.CrashCase.ALONE;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import mooring.api.ContractClient.Answer;
import mooring.product.CrashCase.Plan;

/**
 * Changes of services within which the product is killed. A service is changed again once what it
 * was asked for last is done; meanwhile others are.
 */
final class ExoscaleInterruptions {
  private final EmbeddedProduct mooring;
  private final CrashCases crashes;
  private final Map<String, Asked> underWay = new HashMap<>();
  private ExoscaleServices services;

  ExoscaleInterruptions(EmbeddedProduct mooring, CrashCases crashes) {
    this.mooring = mooring;
    this.crashes = crashes;
    connect();
  }

  /**
   * What a service was asked for last.
   *
   * @param operation null for what has none
   * @param proof that it is real
   */
  private record Asked(String operation, Proof proof) {}

  /** That something is real. */
  interface Proof {
    void show() throws SQLException;
  }

  /** Those of the product as it runs now. */
  ExoscaleServices services() {
    return services;
  }

  private void connect() {
    services = new ExoscaleServices(mooring.product.client(null), mooring.exports());
  }

  /** What the platform calls a service. */
  String id(String name) {
    String query = "select short_id from instance where deleted_at is null and handle = '%s'";
    return "db-" + mooring.ledger().ask(query.formatted(name));
  }

  /** Asks for a change that the next kill interrupts wherever it is by then. */
  void ask(String name, Supplier<Answer> change, Proof proof) {
    settle(name);
    underWay.put(name, new Asked(services.accepted(change.get()), proof));
  }

  /** Asks for a change and kills the product when that has come to its moment. */
  void change(String name, String moment, Supplier<Answer> change, Proof proof) {
    settle(name);
    AtomicReference<String> operation = new AtomicReference<>();
    crash(name, moment, ALONE, () -> operation.set(services.accepted(change.get())));
    underWay.put(name, new Asked(operation.get(), proof));
  }

  /** The same with what is answered with no operation, if it is answered at all. */
  void changeUnanswered(String name, String moment, Runnable change, Proof proof) {
    settle(name);
    crash(name, moment, ALONE, change);
    underWay.put(name, new Asked(null, proof));
  }

  /** Kills the product when what a service was asked for has come to its moment. */
  void crash(String name, String moment, boolean serversToo, Runnable change) {
    JsonObject shown = new JsonObject().put("id", id(name));
    crashes.crash(new Plan(name, moment, serversToo).of(shown), change);
    connect();
  }

  /** Until what all services were asked for last is done. */
  void settle() {
    List.copyOf(underWay.keySet()).forEach(this::settle);
  }

  /** What a service was asked for last is done, and its operation says so. */
  void settle(String name) {
    Asked asked = underWay.remove(name);
    if (asked == null) {
      return;
    }
    if (asked.operation() != null) {
      services.done(asked.operation());
    }
    // After another kill the servers may have to come up again first.
    await("what " + name + " was asked for")
        .atMost(CrashMatrix.LIMIT)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(asked.proof()::show);
  }
}
