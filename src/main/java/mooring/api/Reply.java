package mooring.api;

import io.vertx.core.buffer.Buffer;

/**
 * An answer to a command.
 *
 * @param status the HTTP status
 * @param body the JSON body; null for none
 * @param location the {@code Location} header; null for none
 * @param secret whether the body holds a secret, which nobody may keep
 */
public record Reply(int status, Buffer body, String location, boolean secret) {

  /** 200 with a body. */
  public static Reply ok(Buffer body) {
    return new Reply(200, body, null, false);
  }

  /** 201 with a body and the place of what was made. */
  public static Reply created(Buffer body, String location) {
    return new Reply(201, body, location, false);
  }

  /** 202 with a body. */
  public static Reply accepted(Buffer body) {
    return new Reply(202, body, null, false);
  }

  /** 204. */
  public static Reply noContent() {
    return new Reply(204, null, null, false);
  }

  /** A body that holds a secret. */
  public static Reply secret(int status, Buffer body) {
    return new Reply(status, body, null, true);
  }

  /** A body that holds a secret, and the place of what was made. */
  public static Reply secret(int status, Buffer body, String location) {
    return new Reply(status, body, location, true);
  }

  @Override
  public String toString() {
    return "Reply[" + status + "]";
  }
}
