package mooring.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads request bodies as RFC 8259 has them. Vert.x's own codec takes comments and other bytes. */
final class StrictJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** From here on all doubles are whole. */
  private static final double ALL_WHOLE = 1L << 52;

  private final JsonParser parser;

  private StrictJson(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * The value that a body is; a {@link RefusedException} when it is none, and when it has text that
   * cannot be written as UTF-8.
   */
  static Object value(Buffer sent) {
    try (JsonParser parser = FACTORY.createParser(text(sent))) {
      StrictJson json = new StrictJson(parser);
      Object value = json.value(parser.nextToken());
      if (parser.nextToken() != null) {
        throw unreadable("is not valid JSON");
      }
      return value;
    } catch (CharacterCodingException e) {
      throw unreadable("is not UTF-8");
    } catch (StreamConstraintsException e) {
      throw unreadable("has a name or a number that is too long, or is nested too deeply");
    } catch (IOException e) {
      throw unreadable("is not valid JSON");
    }
  }

  private static String text(Buffer sent) throws CharacterCodingException {
    String text =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sent.getBytes())).toString();
    // Section 8.1: it may be ignored.
    return text.indexOf(BYTE_ORDER_MARK) == 0 ? text.substring(1) : text;
  }

  private Object value(JsonToken token) throws IOException {
    if (token == null) {
      throw unreadable("is not valid JSON");
    }
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> string();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> number();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw unreadable("is not valid JSON");
    };
  }

  private JsonObject object() throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      // The parser itself refuses names with unpaired surrogates.
      String name = parser.currentName();
      members.put(name, value(parser.nextToken()));
    }
    return new JsonObject(members);
  }

  private JsonArray array() throws IOException {
    List<Object> elements = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      elements.add(value(token));
      token = parser.nextToken();
    }
    return new JsonArray(elements);
  }

  private String string() throws IOException {
    String string = parser.getText();
    if (string.codePoints().anyMatch(StrictJson::unpaired)) {
      throw refused(name(parser.getParsingContext()));
    }
    return string;
  }

  /** A double, which has a fraction when what was sent has one. */
  private double number() throws IOException {
    double nearest = parser.getDoubleValue();
    if (nearest == 0 || nearest != Math.rint(nearest) || Math.abs(nearest) >= ALL_WHOLE) {
      return nearest;
    }
    int beyond = new BigDecimal(parser.getText()).compareTo(new BigDecimal(nearest));
    if (beyond == 0) {
      return nearest;
    }
    return beyond > 0 ? Math.nextUp(nearest) : Math.nextDown(nearest);
  }

  private static boolean unpaired(int point) {
    return Character.getType(point) == Character.SURROGATE;
  }

  /** Where a value is, as refusals name it; empty for the body itself. */
  private static String name(JsonStreamContext at) {
    if (at.inRoot()) {
      return "";
    }
    String outer = name(at.getParent());
    if (at.inArray()) {
      return outer + "[" + at.getCurrentIndex() + "]";
    }
    return outer.isEmpty() ? at.getCurrentName() : outer + "." + at.getCurrentName();
  }

  private static RefusedException refused(String field) {
    String rule = " must have no unpaired surrogates";
    return new RefusedException(
        field.isEmpty()
            ? Refusal.of(Fault.UNREADABLE_BODY, "the request body" + rule)
            : Refusal.of(List.of(new Refusal.Violation(field, field + rule))));
  }

  private static RefusedException unreadable(String why) {
    return new RefusedException(Refusal.of(Fault.UNREADABLE_BODY, "the request body " + why));
  }
}
