package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mooring.api.OperationTable.Row;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * Holds a test class against README's table: each operation that it stands there for has answered
 * it with success. When only some of its tests were run nothing is held against it.
 */
public final class ExercisedOperations
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  /** There is nothing that they could tell of: a 404 is all they have. */
  private static final Set<String> ALWAYS_ABSENT =
      Set.of("exoscale list-dbaas-integration-settings");

  private static final Set<String> ANSWERED = ConcurrentHashMap.newKeySet();

  private final Set<Method> run = new HashSet<>();

  /** Takes down that an operation of a contract has answered. */
  static void answered(String contract, String operation, int status) {
    String name = contract + " " + operation;
    if (status < 400 || (status == 404 && ALWAYS_ABSENT.contains(name))) {
      ANSWERED.add(name);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    ANSWERED.clear();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    run.add(context.getRequiredTestMethod());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Class<?> test = context.getRequiredTestClass();
    List<Method> all =
        AnnotationSupport.findAnnotatedMethods(
            test, Testable.class, HierarchyTraversalMode.TOP_DOWN);
    if (!run.containsAll(all)) {
      return;
    }
    for (Row row : OperationTable.rows()) {
      if (row.testClass().equals(test.getName())) {
        assertThat(ANSWERED)
            .as("README names %s for: %s", row.test(), row.line())
            .contains(row.contract() + " " + row.operation());
      }
    }
  }
}
