package mooring.api.ionos;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import mooring.core.Instance;
import mooring.core.PoolMode;

/** The connection pooler of a cluster, which has a mode also while there is none. */
final class IonosPooler {
  static final PoolMode DEFAULT = PoolMode.TRANSACTION;
  private static final String ENABLED = "enabled";

  private IonosPooler() {}

  /** What a new cluster asks for; null for no pooler. */
  static PoolMode wanted(JsonObject asked, PoolMode otherwise) {
    String word = asked.getString(IonosAttributes.POOL_MODE);
    PoolMode mode = word == null ? otherwise : PoolMode.of(word);
    return Boolean.TRUE.equals(asked.getBoolean(ENABLED)) ? mode : null;
  }

  /** What a change asks for: what is left out, or null, stays. */
  static PoolMode changed(JsonObject asked, Instance now) {
    JsonObject whole = asked.copy();
    if (whole.getBoolean(ENABLED) == null) {
      whole.put(ENABLED, now.setup().pooler() != null);
    }
    return wanted(whole, mode(now));
  }

  /** Keeps a mode that is asked for, for when there is a pooler again. */
  static void putMode(Map<String, String> attributes, JsonObject asked, Instance now) {
    String word = asked.getString(IonosAttributes.POOL_MODE);
    if (word != null && PoolMode.of(word) != mode(now)) {
      attributes.put(IonosAttributes.POOL_MODE, word);
    }
  }

  static JsonObject shown(Instance instance) {
    return new JsonObject()
        .put(ENABLED, instance.setup().pooler() != null)
        .put(IonosAttributes.POOL_MODE, mode(instance).word());
  }

  private static PoolMode mode(Instance instance) {
    PoolMode running = instance.setup().pooler();
    return running != null ? running : PoolMode.of(IonosAttributes.poolMode(instance));
  }
}
