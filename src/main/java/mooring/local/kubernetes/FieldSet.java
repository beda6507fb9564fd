package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A set of field paths, as a tree. A path element is written as in FieldsV1: {@code f:name} for a
 * field, {@code k:{...}} for the item of a keyed list, {@code v:...} for the item of a set.
 */
final class FieldSet {
  private final TreeMap<String, FieldSet> children = new TreeMap<>();
  private boolean member;

  static FieldSet ofFieldsV1(JsonNode json) {
    FieldSet set = new FieldSet();
    json.properties()
        .forEach(
            e -> {
              if (e.getKey().equals(".")) {
                set.member = true;
              } else {
                FieldSet child = ofFieldsV1(e.getValue());
                child.member |= child.children.isEmpty();
                set.children.put(e.getKey(), child);
              }
            });
    return set;
  }

  ObjectNode toFieldsV1() {
    ObjectNode json = Json.object();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((element, child) -> json.set(element, child.toFieldsV1()));
    return json;
  }

  /** Adds this very path. */
  void insert() {
    member = true;
  }

  /** The node of a path element, made when absent. */
  FieldSet at(String element) {
    return children.computeIfAbsent(element, e -> new FieldSet());
  }

  /** The node of a path element, or an empty set. */
  FieldSet under(String element) {
    return children.getOrDefault(element, new FieldSet());
  }

  boolean member() {
    return member;
  }

  boolean isEmpty() {
    return !member && children.values().stream().allMatch(FieldSet::isEmpty);
  }

  FieldSet union(FieldSet other) {
    FieldSet result = new FieldSet();
    result.member = member || other.member;
    children.forEach((element, child) -> result.keep(element, child.union(other.under(element))));
    other.children.forEach(
        (element, child) -> {
          if (!children.containsKey(element)) {
            result.keep(element, child.union(new FieldSet()));
          }
        });
    return result;
  }

  FieldSet minus(FieldSet other) {
    FieldSet result = new FieldSet();
    result.member = member && !other.member;
    children.forEach((element, child) -> result.keep(element, child.minus(other.under(element))));
    return result;
  }

  FieldSet intersect(FieldSet other) {
    FieldSet result = new FieldSet();
    result.member = member && other.member;
    children.forEach(
        (element, child) -> result.keep(element, child.intersect(other.under(element))));
    return result;
  }

  private void keep(String element, FieldSet child) {
    if (!child.isEmpty()) {
      children.put(element, child);
    }
  }

  /** The paths as messages write them: {@code .spec.ports[port=80].name}. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String prefix, List<String> paths) {
    if (member) {
      paths.add(prefix);
    }
    for (Map.Entry<String, FieldSet> child : children.entrySet()) {
      child.getValue().collect(prefix + ListKind.readable(child.getKey()), paths);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof FieldSet other && member == other.member && children.equals(other.children);
  }

  @Override
  public int hashCode() {
    return Objects.hash(member, children);
  }
}
