package mooring.local.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** JSON trees in and out of bytes. */
final class Json {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static Buffer buffer(JsonNode node) {
    return Buffer.buffer(bytes(node));
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a tree.
   *
   * @throws IOException when the bytes are not one JSON value
   */
  static JsonNode read(byte[] bytes) throws IOException {
    JsonNode node = MAPPER.readTree(bytes);
    if (node == null || node.isMissingNode()) {
      throw new IOException("unexpected end of JSON input");
    }
    return node;
  }

  /**
   * Reads JSON or, where it is none, YAML.
   *
   * @throws IOException when the bytes are neither
   */
  static JsonNode readYaml(byte[] bytes) throws IOException {
    try {
      return read(bytes);
    } catch (IOException notJson) {
      return yaml(bytes);
    }
  }

  private static JsonNode yaml(byte[] bytes) throws IOException {
    try {
      LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(0).build();
      Object value = new Load(settings).loadFromString(new String(bytes, UTF_8));
      return MAPPER.valueToTree(value);
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw new IOException("error decoding YAML: " + e.getMessage(), e);
    }
  }
}
