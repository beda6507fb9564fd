package mooring.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where databases can live: one row with a name per API, so that a database made through one API
 * has a place in the words of every other.
 *
 * @param names the place's name in each API
 */
public record Place(Map<Api, String> names) {

  /** The place an installation has when none is configured. */
  public static final Place DEFAULT =
      new Place(
          Map.of(
              Api.CLOUDHEED, "fsn1",
              Api.UNCLOUD, "nyc1",
              Api.IONOS, "de/fra",
              Api.EXOSCALE, "de-fra-1"));

  public Place {
    names = Map.copyOf(names);
    if (names.size() != Api.values().length) {
      throw new IllegalArgumentException("a place needs a name for each API");
    }
  }

  /** The name under which the place is stored; stable while the catalogue row keeps it. */
  public String key() {
    return in(Api.UNCLOUD);
  }

  /** The place's name in an API. */
  public String in(Api api) {
    return names.get(api);
  }

  /** A place's name in an API by its key; the key itself once the catalogue lacks it. */
  public static String nameOf(List<Place> places, String key, Api api) {
    return places.stream()
        .filter(place -> place.key().equals(key))
        .map(place -> place.in(api))
        .findFirst()
        .orElse(key);
  }

  /** Finds a place by its name in an API. */
  public static Optional<Place> find(List<Place> places, Api api, String name) {
    return places.stream().filter(place -> place.in(api).equals(name)).findFirst();
  }
}
