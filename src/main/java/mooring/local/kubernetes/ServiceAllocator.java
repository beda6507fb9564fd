package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import mooring.local.kubernetes.StatusException.Cause;

/** Gives Services the addresses and node ports that a cluster would; nothing listens there. */
final class ServiceAllocator {
  private static final int FIRST_NODE_PORT = 30_000;

  /** More than a cluster's usual 2,768: nothing listens there, and a laptop may hold more. */
  private static final int NODE_PORTS = 35_000;

  private static final int ADDRESSES = 65_000;

  /** The addresses and node ports of the stored Services, by how many have each. */
  private final Map<String, Integer> used = new HashMap<>();

  private final ObjectStore store;
  private final RandomGenerator random = RandomGenerator.getDefault();

  ServiceAllocator(ObjectStore store) {
    this.store = store;
    countAll();
    store.observe(this::changed);
    store.resumeWith(this::countAll);
  }

  private void countAll() {
    used.clear();
    store.list(ResourceTypes.SERVICE, "").forEach(service -> count(service, 1));
  }

  private void changed(Change change) {
    if (!change.key().type().equals(ResourceTypes.SERVICE)) {
      return;
    }
    if (change.before() != null) {
      count(change.before(), -1);
    }
    if (!change.removed()) {
      count(change.after(), 1);
    }
  }

  private void count(Stored service, int by) {
    JsonNode spec = service.json().path("spec");
    count(spec.path("clusterIP").asText(), by);
    spec.path("ports").forEach(port -> count(port.path("nodePort").asText(), by));
  }

  private void count(String value, int by) {
    if (value.isEmpty() || value.equals("None")) {
      return;
    }
    used.merge(value, by, (was, more) -> was + more == 0 ? null : was + more);
  }

  static boolean exposesNodePorts(ObjectNode spec) {
    String type = spec.path("type").asText();
    return type.equals("LoadBalancer") || type.equals("NodePort");
  }

  /**
   * Completes the object, keeping the node ports it had. A cluster address is given to a new
   * Service only: a writer may not take it away.
   *
   * @param before the stored state, null for a new Service
   * @throws StatusException 422 when an address or a port that is asked for is another's; 503 when
   *     no writes are taken
   */
  void allocate(ObjectNode before, ObjectNode service) {
    store.requireWritable(); // until then, what was undone still counts
    ObjectNode spec = service.withObjectProperty("spec");
    if (before != null) {
      keep(before.path("spec"), spec);
    }
    checkFree(before, service);
    if (spec.path("type").asText().equals("ExternalName")) {
      return;
    }
    if (before == null && spec.path("clusterIP").asText("").isEmpty()) {
      spec.put("clusterIP", free(ADDRESSES, ServiceAllocator::address, List.of(), "clusterIP"));
    }
    if (!spec.has("clusterIPs") && spec.has("clusterIP")) {
      spec.putArray("clusterIPs").add(spec.get("clusterIP").asText());
    }
    nodePorts(spec);
  }

  private static void keep(JsonNode old, ObjectNode spec) {
    if (!exposesNodePorts(spec)) {
      spec.remove("externalTrafficPolicy");
      spec.path("ports").forEach(p -> ((ObjectNode) p).remove("nodePort"));
      return;
    }
    for (JsonNode port : spec.path("ports")) {
      for (JsonNode oldPort : old.path("ports")) {
        boolean same = oldPort.path("port").equals(port.path("port"));
        if (same && oldPort.has("nodePort") && !port.has("nodePort")) {
          ((ObjectNode) port).set("nodePort", oldPort.get("nodePort"));
        }
      }
    }
  }

  private void checkFree(ObjectNode before, ObjectNode service) {
    JsonNode spec = service.path("spec");
    String address = spec.path("clusterIP").asText();
    if (before == null && used.containsKey(address)) {
      throw taken(service, "spec.clusterIPs", "[\"" + address + "\"]", "IP");
    }
    List<String> own =
        before == null ? List.of() : before.path("spec").findValuesAsText("nodePort");
    int i = 0;
    for (JsonNode port : spec.path("ports")) {
      String number = port.path("nodePort").asText();
      if (used.containsKey(number) && !own.contains(number)) {
        throw taken(service, "spec.ports[" + i + "].nodePort", number, "port");
      }
      i++;
    }
  }

  private static StatusException taken(
      ObjectNode service, String field, String value, String what) {
    Cause cause = Cause.invalid(field, value, "provided " + what + " is already allocated");
    return StatusException.invalid(ResourceTypes.SERVICE, Meta.name(service), cause);
  }

  private void nodePorts(ObjectNode spec) {
    if (!exposesNodePorts(spec)) {
      return;
    }
    List<String> own = new ArrayList<>(spec.path("ports").findValuesAsText("nodePort"));
    for (JsonNode port : spec.path("ports")) {
      if (!port.has("nodePort")) {
        String chosen =
            free(NODE_PORTS, i -> Integer.toString(FIRST_NODE_PORT + i), own, "nodePort");
        own.add(chosen);
        ((ObjectNode) port).put("nodePort", Integer.parseInt(chosen));
      }
    }
  }

  private static String address(int i) {
    return "10.96." + (i >> 8) + "." + (i & 0xff);
  }

  private String free(int count, IntFunction<String> value, Collection<String> own, String field) {
    int start = 1 + random.nextInt(count - 1);
    for (int i = 0; i < count; i++) {
      String candidate = value.apply(1 + (start + i) % (count - 1));
      if (!used.containsKey(candidate) && !own.contains(candidate)) {
        return candidate;
      }
    }
    throw StatusException.internal("no " + field + " is free");
  }
}
