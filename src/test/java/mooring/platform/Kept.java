package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;

/** Whether everything in an object that was sent is in the object that the server has. */
final class Kept {
  private Kept() {}

  static void in(HasMetadata stored, HasMetadata sent) {
    compare(stored.getKind(), json(stored), json(sent));
  }

  private static void compare(String path, JsonNode stored, JsonNode sent) {
    assertThat(stored).as(path).isNotNull();
    if (sent.isObject()) {
      for (Map.Entry<String, JsonNode> field : sent.properties()) {
        compare(path + "." + field.getKey(), stored.get(field.getKey()), field.getValue());
      }
    } else if (sent.isArray()) {
      assertThat(stored.size()).as(path).isEqualTo(sent.size());
      for (int i = 0; i < sent.size(); i++) {
        compare(path + "[" + i + "]", stored.get(i), sent.get(i));
      }
    } else {
      assertThat(stored).as(path).isEqualTo(sent);
    }
  }

  private static JsonNode json(HasMetadata object) {
    return Serialization.unmarshal(Serialization.asJson(object), JsonNode.class);
  }
}
