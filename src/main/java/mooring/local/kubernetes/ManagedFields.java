package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who owns which fields: {@code metadata.managedFields}, decoded. */
final class ManagedFields {
  private static final String FIELD = "managedFields";

  private final Map<Manager, Entry> entries = new LinkedHashMap<>();

  /**
   * A manager as the field owner.
   *
   * @param apply whether it applies; the same name that updates is another manager
   */
  record Manager(String name, boolean apply, String apiVersion) {
    /** As conflicts name it. */
    String readable() {
      return apply ? '"' + name + '"' : '"' + name + "\" using " + apiVersion;
    }
  }

  /**
   * What a manager owns.
   *
   * @param time when it last came to own something else
   */
  record Entry(FieldSet fields, String time) {}

  static ManagedFields of(ObjectNode object) {
    ManagedFields managed = new ManagedFields();
    for (JsonNode e : object.path("metadata").path(FIELD)) {
      boolean apply = e.path("operation").asText().equals("Apply");
      Manager manager =
          new Manager(e.path("manager").asText(), apply, e.path("apiVersion").asText());
      FieldSet fields = FieldSet.ofFieldsV1(e.path("fieldsV1"));
      managed.entries.put(manager, new Entry(fields, e.path("time").asText()));
    }
    return managed;
  }

  /**
   * The ownership that a written object starts from: its own list where it has one, else the stored
   * one's. A list that is empty, or has one empty entry, forgets everything.
   */
  static ManagedFields ofWrite(ObjectNode stored, ObjectNode written) {
    JsonNode list = written.path("metadata").path(FIELD);
    boolean reset = list.isArray() && (list.isEmpty() || isOneEmpty(list));
    return reset ? new ManagedFields() : of(list.isArray() ? written : stored);
  }

  private static boolean isOneEmpty(JsonNode list) {
    return list.size() == 1 && list.get(0).isEmpty();
  }

  static void strip(ObjectNode object) {
    Meta.of(object).remove(FIELD);
  }

  void writeTo(ObjectNode object) {
    strip(object);
    if (entries.isEmpty()) {
      return;
    }
    ArrayNode list = Meta.of(object).putArray(FIELD);
    Comparator<Map.Entry<Manager, Entry>> applyFirst =
        Comparator.comparing(e -> !e.getKey().apply());
    entries.entrySet().stream()
        .sorted(
            applyFirst
                .thenComparing(e -> e.getValue().time())
                .thenComparing(e -> e.getKey().name()))
        .forEach(e -> list.add(encode(e.getKey(), e.getValue())));
  }

  private static ObjectNode encode(Manager manager, Entry entry) {
    ObjectNode json =
        Json.object()
            .put("manager", manager.name())
            .put("operation", manager.apply() ? "Apply" : "Update")
            .put("apiVersion", manager.apiVersion())
            .put("time", entry.time())
            .put("fieldsType", "FieldsV1");
    json.set("fieldsV1", entry.fields().toFieldsV1());
    return json;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  FieldSet fields(Manager manager) {
    Entry entry = entries.get(manager);
    return entry == null ? new FieldSet() : entry.fields();
  }

  /** What all managers own together. */
  FieldSet all() {
    return entries.values().stream().map(Entry::fields).reduce(new FieldSet(), FieldSet::union);
  }

  /** What each manager but this one owns of these fields; only those that own some. */
  Map<Manager, FieldSet> overlaps(Manager except, FieldSet fields) {
    Map<Manager, FieldSet> overlaps = new LinkedHashMap<>();
    entries.forEach(
        (manager, entry) -> {
          FieldSet common = entry.fields().intersect(fields);
          if (!manager.equals(except) && !common.isEmpty()) {
            overlaps.put(manager, common);
          }
        });
    return overlaps;
  }

  /** Takes fields from every manager but this one. */
  void take(Manager except, FieldSet fields) {
    entries.replaceAll(
        (manager, entry) ->
            manager.equals(except) ? entry : new Entry(entry.fields().minus(fields), entry.time()));
    entries.values().removeIf(entry -> entry.fields().isEmpty());
  }

  /** Gives a manager exactly these fields; its time moves only if that is a change. */
  void set(Manager manager, FieldSet fields) {
    Entry old = entries.get(manager);
    if (fields.isEmpty()) {
      entries.remove(manager);
    } else if (old == null || !old.fields().equals(fields)) {
      entries.put(manager, new Entry(fields, Meta.now()));
    }
  }

  /** Moves the manager's time to now: it changed values that it already owned. */
  void touch(Manager manager) {
    entries.computeIfPresent(manager, (m, e) -> new Entry(e.fields(), Meta.now()));
  }
}
