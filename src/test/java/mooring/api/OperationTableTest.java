package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.TreeSet;
import mooring.api.OperationTable.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.support.AnnotationSupport;

/** README's table has every operation of every contract, and a test that asks for it. */
class OperationTableTest {
  private static final String TEST_TO_NAME = "TheTestThatAsksForIt";

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    ApiFixture.await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Uncloud", "Cloudheed", "IONOS", "Exoscale"})
  void everyOperationStandsInTheTable(String api) {
    List<Row> rows = OperationTable.rows().stream().filter(row -> row.api().equals(api)).toList();
    Row sample = new Row(api, "", "", TEST_TO_NAME);
    TreeSet<String> missing = new TreeSet<>();
    for (Operation operation :
        ApiFixture.await(Contract.load(vertx, sample.contract())).model().operations()) {
      missing.add(line(api, operation));
    }
    TreeSet<String> surplus = new TreeSet<>();
    for (Row row : rows) {
      String line = new Row(api, row.operation(), row.request(), TEST_TO_NAME).line();
      if (!missing.remove(line)) {
        surplus.add(row.line());
      }
    }
    assertThat(missing).as("rows to add to README's table of operations").isEmpty();
    assertThat(surplus).as("rows of README that are there twice or of no operation").isEmpty();
  }

  private static String line(String api, Operation operation) {
    String request = operation.getHttpMethod() + " " + operation.getAbsoluteOpenAPIPath();
    return new Row(api, operation.getOperationId(), request, TEST_TO_NAME).line();
  }

  /** What the operations have answered there is looked at when the test has run. */
  @Test
  void everyTestIsHeldAgainstTheTable() throws ClassNotFoundException {
    List<Row> rows = OperationTable.rows();
    assertThat(rows).isNotEmpty();
    for (Row row : rows) {
      Class<?> test = Class.forName(row.testClass());
      assertThat(AnnotationSupport.findRepeatableAnnotations(test, ExtendWith.class))
          .as("%s: @ExtendWith(ExercisedOperations.class)", row.testClass())
          .anyMatch(with -> List.of(with.value()).contains(ExercisedOperations.class));
    }
  }
}
