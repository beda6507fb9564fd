package mooring.api.exoscale;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mooring.api.Authenticator;
import mooring.api.Command;
import mooring.api.KnownDatabases;
import mooring.api.Poll;
import mooring.api.PublishedApi;
import mooring.core.Authorities;
import mooring.core.BackupObservations;
import mooring.core.Instance;
import mooring.core.MaintenanceWindow;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.status.MissLookup;
import mooring.status.StatusCache;

/** The operations of the Exoscale DBaaS API for PostgreSQL. */
public final class ExoscaleApi {
  /** What its contract is called. */
  public static final String NAME = "exoscale";

  private ExoscaleApi() {}

  /** The API as the server binds it. */
  public static PublishedApi published(
      StatusCache cache,
      Authenticator authenticator,
      MissLookup misses,
      BackupObservations backups,
      Authorities authorities,
      Function<Instance, MaintenanceWindow> windows,
      Offer offer,
      List<Place> places) {
    ExoscaleMapper mapper = new ExoscaleMapper(places, windows);
    ExoscalePolls reads =
        new ExoscalePolls(cache, new KnownDatabases(cache, misses), mapper, backups);
    ExoscaleCatalogue catalogue = new ExoscaleCatalogue(cache, authorities, offer, places);

    Map<String, Poll> polls = new HashMap<>(catalogue.polls());
    polls.put("list-dbaas-services", reads.list());
    polls.put("get-dbaas-service-pg", reads.get());
    Map<String, Command> commands = new HashMap<>(catalogue.commands());
    return new PublishedApi(
        NAME,
        authenticator,
        new ExoscaleErrors(),
        Map.copyOf(polls),
        Map.copyOf(commands),
        true,
        null);
  }
}
