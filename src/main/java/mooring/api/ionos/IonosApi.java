package mooring.api.ionos;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.api.Authenticator;
import mooring.api.Command;
import mooring.api.KnownDatabases;
import mooring.api.Poll;
import mooring.api.PublishedApi;
import mooring.core.BackupArchives;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.LogReader;
import mooring.core.MaintenanceWindow;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.Upgrades;
import mooring.status.Freshness;
import mooring.status.MissLookup;
import mooring.status.StatusCache;

/** The operations of the IONOS PostgreSQL clusters API. */
public final class IonosApi {
  /** What its contract is called. */
  public static final String NAME = "ionos";

  private IonosApi() {}

  /** The API as the server binds it. */
  public static PublishedApi published(
      StatusCache cache,
      Authenticator authenticator,
      MissLookup misses,
      Freshness freshness,
      Instances instances,
      BackupArchives archives,
      LogReader logs,
      Offer offer,
      Upgrades upgrades,
      List<Place> places) {
    IonosMapper mapper = new IonosMapper(places);
    IonosPolls reads = new IonosPolls(new KnownDatabases(cache, misses), mapper, freshness);
    IonosRequests requests = new IonosRequests(offer, places);
    IonosBackups backups = new IonosBackups(cache, reads, archives);

    Map<String, Poll> polls = new HashMap<>();
    polls.put("clustersGet", new IonosList(cache, reads));
    polls.put("clustersFindById", reads.get());
    polls.putAll(backups.polls());
    IonosUsers users = new IonosUsers(instances.roles(), reads);
    IonosDatabases databases = new IonosDatabases(instances.logicalDatabases(), reads);
    polls.putAll(users.polls());
    polls.putAll(databases.polls());
    polls.putAll(new IonosVersions(offer, upgrades, reads).polls());
    Map<String, Command> commands = new HashMap<>();
    commands.putAll(
        new IonosClusters(
                instances, reads, mapper, requests, upgrades, backups, archives, Clock.systemUTC())
            .commands());
    commands.put("clusterLogsGet", new IonosLogs(reads, logs, Clock.systemUTC()));
    commands.putAll(users.commands());
    commands.putAll(databases.commands());
    return new PublishedApi(
        NAME,
        authenticator,
        new IonosErrors(),
        Map.copyOf(polls),
        Map.copyOf(commands),
        true,
        null);
  }

  /** When a database may be restarted for an update, as this API shows it. */
  public static MaintenanceWindow maintenanceWindow(Instance instance) {
    return IonosAttributes.window(instance);
  }
}
