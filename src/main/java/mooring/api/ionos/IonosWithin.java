package mooring.api.ionos;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.status.Encoded;
import mooring.status.Snapshot;

/**
 * What lies within clusters and has a name there, from memory: users, or databases.
 *
 * @param polls of the clusters
 * @param type the word for one of them
 * @param plural the word for all of them, in paths
 * @param parameter the path's parameter with the name of one
 */
record IonosWithin(IonosPolls polls, String type, String plural, String parameter) {
  private static final String ROOT = "/databases/postgresql/clusters/";

  /** The list of them; the parameters say which. */
  Poll list(BiFunction<Instance, Parameters, List<JsonObject>> all) {
    return new OfCluster(true) {
      @Override
      Encoded answer(Instance instance, Parameters asked) {
        return new IonosPage(asked)
            .within(
                instance.id() + "/" + plural,
                href(instance),
                all.apply(instance, asked),
                one -> Encoded.of(one.toBuffer()));
      }
    };
  }

  /** One of them. */
  Poll get(BiFunction<Instance, String, Optional<JsonObject>> one) {
    return new OfCluster(false) {
      @Override
      Encoded answer(Instance instance, Parameters asked) {
        return one.apply(instance, asked.string(parameter))
            .map(found -> Encoded.of(found.toBuffer()))
            .orElseThrow(IonosWithin.this::notFound);
      }
    };
  }

  /** That there is none of a name. */
  ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("no such " + type));
  }

  /**
   * One of them as it is answered. There are no accounts of people, so the tenant stands for
   * whoever it was.
   *
   * @param system whether it is nobody's but the server's
   */
  JsonObject resource(
      Instance instance,
      String name,
      boolean system,
      Instant created,
      Instant modified,
      JsonObject properties) {
    String path = "clusters/" + instance.id() + "/" + plural + "/" + name;
    String by = system ? "ionos:identity:::users/_system_" : "urn:uuid:" + instance.tenant();
    String tenant = instance.tenant().toString();
    return new JsonObject()
        .put("type", type)
        .put("id", name)
        .put("href", href(instance) + "/" + name)
        .put(
            "metadata",
            new JsonObject()
                .put("createdDate", IonosMapper.time(created))
                .put("createdBy", by)
                .put("createdByUserId", tenant)
                .put("lastModifiedDate", IonosMapper.time(modified))
                .put("lastModifiedBy", by)
                .put("lastModifiedByUserId", tenant)
                .put(
                    "resourceURN",
                    "ionos:postgresql:" + region(instance) + ":" + tenant + ":" + path))
        .put("properties", properties);
  }

  private String region(Instance instance) {
    return polls.location(instance).replace('/', '-');
  }

  private String href(Instance instance) {
    return ROOT + instance.id() + "/" + plural;
  }

  /** Something that a cluster is asked for together with parameters. */
  private abstract class OfCluster implements Poll {
    private final boolean linked;

    OfCluster(boolean linked) {
      this.linked = linked;
    }

    abstract Encoded answer(Instance instance, Parameters asked);

    @Override
    public boolean linked() {
      return linked;
    }

    @Override
    public Encoded read(Caller caller, String id, Parameters asked) {
      Snapshot known = polls.known(caller, id);
      return known == null ? null : answer(IonosPolls.visible(known).instance(), asked);
    }

    @Override
    public Completable lookUp(Caller caller, String id, Parameters asked) {
      return polls.find(caller, id).ignoreElement();
    }
  }
}
