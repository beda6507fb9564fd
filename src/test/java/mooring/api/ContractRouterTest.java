package mooring.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import mooring.status.Freshness;
import mooring.status.TokenDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Contract and code cannot drift apart: what one has and the other lacks refuses to start. */
class ContractRouterTest {
  private static Vertx vertx;
  private static Contract contract;

  @BeforeAll
  static void load() {
    vertx = Vertx.vertx();
    contract = ApiFixture.await(Contract.load(vertx, "uncloud"));
  }

  @AfterAll
  static void close() {
    ApiFixture.await(vertx.close());
  }

  private static Map<String, Command> allCommands() {
    Map<String, Command> commands = new TreeMap<>();
    contract
        .model()
        .operations()
        .forEach(op -> commands.put(op.getOperationId(), call -> Single.never()));
    return commands;
  }

  private static ContractRouter router(Map<String, Poll> polls, Map<String, Command> commands) {
    PublishedApi api =
        new PublishedApi(
            "uncloud",
            new BearerAuthenticator(new TokenDirectory(Clock.systemUTC())),
            new ProblemJson(),
            polls,
            commands);
    return new ContractRouter(
        contract,
        contract.basePath(),
        api,
        Proxies.NONE,
        () -> true,
        new Freshness(System::nanoTime, Duration.ofSeconds(90)),
        new SimpleMeterRegistry());
  }

  @Test
  void acceptsWhatFits() {
    assertThatCode(() -> router(Map.of(), allCommands())).doesNotThrowAnyException();
  }

  @Test
  void refusesAnOperationWithoutAHandler() {
    Map<String, Command> commands = allCommands();
    commands.remove("deleteDatabase");
    assertThatThrownBy(() -> router(Map.of(), commands))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("contract uncloud has operations without a handler: deleteDatabase");
  }

  @Test
  void refusesAHandlerWithoutAnOperation() {
    Map<String, Command> commands = allCommands();
    commands.put("renameDatabase", call -> Single.never());
    assertThatThrownBy(() -> router(Map.of(), commands))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("contract uncloud has handlers without an operation: renameDatabase");
  }

  @Test
  void refusesTwoHandlersForAnOperation() {
    Map<String, Poll> polls = Map.of("getDatabase", (caller, id, more) -> null);
    assertThatThrownBy(() -> router(polls, allCommands()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("both poll and command");
  }
}
