package mooring.local.operator;

import java.time.Duration;

/**
 * How the servers that run are asked whether they answer.
 *
 * @param period from one question to the next
 * @param limit how long an answer may take
 * @param failures how many in a row make a server not ready
 */
public record Probing(Duration period, Duration limit, int failures) {
  /** As the kubelet asks the servers of CloudNativePG. */
  public static final Probing KUBELET =
      new Probing(Duration.ofSeconds(10), Duration.ofSeconds(5), 3);
}
