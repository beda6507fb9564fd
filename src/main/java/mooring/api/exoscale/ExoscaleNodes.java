package mooring.api.exoscale;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.SeenServers;
import mooring.status.Snapshot;

/** The nodes of a service: its servers, by the numbers that their names end with. */
final class ExoscaleNodes {
  private ExoscaleNodes() {}

  /** How they are doing; none are there of what is stopped. */
  static JsonArray shown(Snapshot snapshot) {
    JsonArray shown = new JsonArray();
    if (snapshot.status().before() == InstanceState.STOPPED) {
      return shown;
    }
    Instance service = snapshot.instance();
    List<SeenServers.One> all = servers(snapshot);
    String waiting =
        all.stream().anyMatch(SeenServers.One::ready) ? "syncing_data" : "setting_up_vm";
    List<SeenServers.One> leaving = leaving(all, service.spec().instances());
    for (SeenServers.One one : all) {
      String state = one.ready() ? ExoscaleState.RUNNING : waiting;
      shown.add(
          new JsonObject()
              .put("name", name(service, one.number()))
              .put("state", leaving.contains(one) ? "leaving" : state)
              .put("role", role(service, one)));
    }
    return shown;
  }

  private static String role(Instance service, SeenServers.One one) {
    return service.follows() ? "read-replica" : one.primary() ? "master" : "standby";
  }

  /** Of more than are wanted the youngest go, but never the primary. */
  private static List<SeenServers.One> leaving(List<SeenServers.One> all, int wanted) {
    List<SeenServers.One> standbys = all.stream().filter(one -> !one.primary()).toList();
    int going = Math.min(standbys.size(), Math.max(0, all.size() - wanted));
    return standbys.subList(standbys.size() - going, standbys.size());
  }

  /** What a node is called whose server has a name. */
  static String name(Instance service, String server) {
    return service.handle() + "-" + server.substring(server.lastIndexOf('-') + 1);
  }

  private static String name(Instance service, int number) {
    return service.handle() + "-" + number;
  }

  /** With those that are wanted and not there yet, which will have the next numbers. */
  private static List<SeenServers.One> servers(Snapshot snapshot) {
    var facts = snapshot.observation().facts();
    List<SeenServers.One> all = new ArrayList<>(facts.servers().all());
    int told = all.size();
    int next = told == 0 ? 1 : all.get(told - 1).number() + 1;
    for (int i = told; i < snapshot.instance().spec().instances(); i++) {
      // Where they are not told apart, the primary is ready before the others.
      boolean ready = told == 0 && i < facts.readyInstances();
      all.add(new SeenServers.One(next++, i == 0, ready));
    }
    if (!all.isEmpty() && all.stream().noneMatch(SeenServers.One::primary)) {
      // It is the first that is made, and the others follow it.
      SeenServers.One first = all.get(0);
      all.set(0, new SeenServers.One(first.number(), true, first.ready()));
    }
    return all;
  }
}
