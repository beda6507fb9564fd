package mooring.api;

import java.util.Map;

/**
 * What a request asks for in its path and its query: valid values, with the contract's defaults for
 * those left out.
 *
 * @param values strings, integers and booleans by name
 * @param address where the client sees what it asks for; null unless the answer is {@link
 *     Poll#linked}
 */
public record Parameters(Map<String, Object> values, RequestAddress address) {
  /** Nothing. */
  public static final Parameters NONE = new Parameters(Map.of(), null);

  public Parameters {
    values = Map.copyOf(values);
  }

  /** Seen by its client at a place. */
  public Parameters at(RequestAddress place) {
    return new Parameters(values, place);
  }

  /** A string; null when it was left out. */
  public String string(String name) {
    return (String) values.get(name);
  }

  /** A boolean; false when it was left out. */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  /** An integer that was sent or has a default. */
  public int integer(String name) {
    return (Integer) values.get(name);
  }
}
