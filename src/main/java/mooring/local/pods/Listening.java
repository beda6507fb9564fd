package mooring.local.pods;

import java.util.List;

/**
 * Where a container listens.
 *
 * @param addresses the Pod's own first, then those that clients use
 * @param port the same at each
 */
record Listening(List<String> addresses, int port) {
  String own() {
    return addresses.get(0);
  }

  /** Whether everything that is asked for is listened at; more does no harm. */
  boolean covers(Listening asked) {
    return port == asked.port() && addresses.containsAll(asked.addresses());
  }
}
