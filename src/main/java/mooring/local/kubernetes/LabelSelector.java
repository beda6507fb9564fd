package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A label selector: {@code a=b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin (b,c)}, {@code
 * a}, {@code !a}, joined by commas.
 */
final class LabelSelector implements Predicate<Stored> {
  private static final String KEY = "(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)";
  private static final String VALUE = "[-A-Za-z0-9_.]*";
  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "\\s*(?:(?<not>!)\\s*)?"
              + KEY
              + "\\s*(?:(?<op>==|=|!=)\\s*(?<value>"
              + VALUE
              + ")|\\s(?<set>in|notin)\\s*\\((?<values>[^)]*)\\))?\\s*(?:,|$)");

  private final List<Requirement> requirements = new ArrayList<>();

  private record Requirement(String key, boolean negated, Set<String> values) {
    boolean matches(JsonNode labels) {
      JsonNode value = labels.get(key);
      boolean positive = value != null && (values.isEmpty() || values.contains(value.asText()));
      return positive != negated;
    }
  }

  /**
   * Reads a selector; an empty one selects everything.
   *
   * @throws StatusException 400 when it is none
   */
  LabelSelector(String text) {
    Matcher matcher = REQUIREMENT.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw StatusException.badRequest("unable to parse requirement: " + text.substring(at));
      }
      requirements.add(requirement(matcher, text));
      at = matcher.end();
    }
  }

  private static Requirement requirement(Matcher m, String text) {
    String op = m.group("op");
    String set = m.group("set");
    boolean bare = m.group("not") != null;
    if (bare && (op != null || set != null)) {
      throw StatusException.badRequest("unable to parse requirement: " + text);
    }
    if (op != null) {
      return new Requirement(m.group("key"), op.equals("!="), Set.of(m.group("value")));
    }
    if (set != null) {
      Set<String> values =
          Set.copyOf(
              Pattern.compile(",").splitAsStream(m.group("values")).map(String::trim).toList());
      return new Requirement(m.group("key"), set.equals("notin"), values);
    }
    return new Requirement(m.group("key"), bare, Set.of());
  }

  @Override
  public boolean test(Stored stored) {
    JsonNode labels = stored.json().path("metadata").path("labels");
    return requirements.stream().allMatch(r -> r.matches(labels));
  }
}
