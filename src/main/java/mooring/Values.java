package mooring;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.AddressBlock;
import mooring.core.Api;
import mooring.core.Place;
import mooring.platform.ServiceType;

/** Reads the texts of settings; each method refuses with {@link IllegalArgumentException}. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h)");
  private static final int MAX_RATE_LIMIT = 1_000_000;
  private static final int MAX_PORT = 65_535;

  private Values() {}

  static int port(String text) {
    int port = Integer.parseInt(text);
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException();
    }
    return port;
  }

  static int rateLimit(String text) {
    int limit = Integer.parseInt(text);
    if (limit < 0 || limit > MAX_RATE_LIMIT) {
      throw new IllegalArgumentException();
    }
    return limit;
  }

  static List<String> addressBlocks(String text) {
    List<String> blocks = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (!blocks.stream().allMatch(AddressBlock::isOne)) {
      throw new IllegalArgumentException();
    }
    return blocks;
  }

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /** One of an enum's constants, written as users do: {@code in-cluster} for IN_CLUSTER. */
  static <E extends Enum<E>> E oneOf(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant).equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  /** As Kubernetes writes them. */
  static ServiceType serviceType(String text) {
    return Arrays.stream(ServiceType.values())
        .filter(type -> type.word().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  /** Rows like {@code cloudheed=fsn1,uncloud=nyc1,ionos=de/fra,exoscale=de-fra-1}, by `;`. */
  static List<Place> places(String text) {
    return Arrays.stream(text.split(";", -1)).map(String::trim).map(Values::place).toList();
  }

  private static Place place(String row) {
    Map<Api, String> names = new EnumMap<>(Api.class);
    for (String pair : row.split(",", -1)) {
      String[] sides = pair.split("=", 2);
      if (sides.length != 2 || sides[1].isBlank()) {
        throw new IllegalArgumentException();
      }
      names.put(oneOf(Api.class, sides[0].trim()), sides[1].trim());
    }
    return new Place(names);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
