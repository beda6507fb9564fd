package mooring.local.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A field selector: every type's name and namespace, and what a few built-in types add. */
final class FieldSelector implements Predicate<Stored> {
  private static final Pattern TERM = Pattern.compile("([^=!]+)(==|=|!=)(.*)");
  private static final List<String> EVERYWHERE = List.of("metadata.name", "metadata.namespace");
  private static final Map<String, List<String>> BY_KIND =
      Map.of(
          "Namespace", List.of("status.phase"),
          "Pod", List.of("status.phase", "spec.nodeName"),
          "Secret", List.of("type"),
          "Event",
              List.of(
                  "type",
                  "reason",
                  "involvedObject.kind",
                  "involvedObject.namespace",
                  "involvedObject.name",
                  "involvedObject.uid"));

  private final List<Requirement> requirements = new ArrayList<>();

  private record Requirement(String field, String pointer, boolean negated, String value) {
    boolean matches(Stored stored) {
      return stored.json().at(pointer).asText("").equals(value) != negated;
    }
  }

  /**
   * Reads a selector; an empty one selects everything.
   *
   * @throws StatusException 400 when it is none, or the type cannot be selected by that field
   */
  FieldSelector(ResourceType type, String text) {
    for (String term : text.split(",", -1)) {
      if (term.isEmpty()) {
        continue;
      }
      Matcher m = TERM.matcher(term);
      if (!m.matches()) {
        throw StatusException.badRequest(
            "invalid selector: '" + text + "'; can't understand '" + term + "'");
      }
      String field = m.group(1);
      if (!EVERYWHERE.contains(field)
          && !BY_KIND.getOrDefault(type.kind(), List.of()).contains(field)) {
        throw StatusException.badRequest("field label not supported: " + field);
      }
      String pointer = "/" + field.replace('.', '/');
      requirements.add(new Requirement(field, pointer, m.group(2).equals("!="), m.group(3)));
    }
  }

  /** The one name that can match, or null. */
  String name() {
    return requirements.stream()
        .filter(r -> r.field().equals("metadata.name") && !r.negated())
        .map(Requirement::value)
        .findFirst()
        .orElse(null);
  }

  @Override
  public boolean test(Stored stored) {
    return requirements.stream().allMatch(r -> r.matches(stored));
  }
}
