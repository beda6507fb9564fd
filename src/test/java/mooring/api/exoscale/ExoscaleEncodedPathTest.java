package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import mooring.core.Instance;
import org.junit.jupiter.api.Test;

/** Segments that a client encodes are signed so, and mean what they decode to. */
class ExoscaleEncodedPathTest extends ExoscaleTestBase {
  @Test
  void namesMayBeEncoded() {
    Instance unused = running("orders");
    String users = POSTGRES + "%6frders/user";
    String made = pending(client.post(users, new JsonObject().put("username", "an.na")));
    assertThat(operation(made).getJsonObject("reference").getString("link"))
        .isEqualTo(POSTGRES + "orders");
    finish("orders");
    assertThat(operation(made).getString("state")).isEqualTo("success");
    JsonObject revealed = client.get(users + "/an%2Ena/password/reveal").json();
    assertThat(revealed.getString("username")).isEqualTo("an.na");
    refused(client.get(users + "/an%252Ena/password/reveal"), 404, "user not found");
    String deleted = pending(client.delete(users + "/an%2ena"));
    finish("orders");
    assertThat(operation(deleted).getString("state")).isEqualTo("success");
    refused(client.get(users + "/an%2Ena/password/reveal"), 404, "user not found");
  }
}
