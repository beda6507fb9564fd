package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;

/**
 * An object as it is kept. Nobody changes {@code json}: a writer works on a deep copy.
 *
 * @param version its resourceVersion
 * @param bytes the same as {@code json}, encoded once
 */
record Stored(ObjectKey key, long version, ObjectNode json, Buffer bytes) {

  static Stored of(ObjectKey key, long version, ObjectNode json) {
    Meta.of(json).put("resourceVersion", Long.toString(version));
    return new Stored(key, version, json, Json.buffer(json));
  }

  String uid() {
    return Meta.uid(json);
  }

  boolean deleting() {
    return Meta.deleting(json);
  }

  /** A copy that may be changed. */
  ObjectNode copy() {
    return json.deepCopy();
  }

  /** Without the content: it may be a Secret. */
  @Override
  public String toString() {
    return key + "@" + version;
  }
}
