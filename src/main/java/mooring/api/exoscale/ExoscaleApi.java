package mooring.api.exoscale;

import java.time.Clock;
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
import mooring.core.BackupArchives;
import mooring.core.BackupObservations;
import mooring.core.Backups;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.LogReader;
import mooring.core.MaintenanceWindow;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.SourceAddresses;
import mooring.core.TaskStore;
import mooring.core.Updates;
import mooring.core.UpgradeChecks;
import mooring.core.Upgrades;
import mooring.status.MissLookup;
import mooring.status.OperationDirectory;
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
      OperationDirectory operations,
      Instances instances,
      BackupObservations seen,
      Backups backups,
      Updates updates,
      Upgrades upgrades,
      UpgradeChecks checks,
      TaskStore tasks,
      LogReader logs,
      Authorities authorities,
      Function<Instance, MaintenanceWindow> windows,
      SourceAddresses sources,
      Offer offer,
      List<Place> places) {
    ExoscaleMapper mapper = new ExoscaleMapper(places, windows);
    KnownDatabases known = new KnownDatabases(cache, misses);
    ExoscalePolls reads = new ExoscalePolls(cache, known, mapper, seen);
    ExoscaleIntegrations integrations = new ExoscaleIntegrations(reads, cache, known, instances);
    ExoscaleCatalogue catalogue = new ExoscaleCatalogue(cache, authorities, offer, places);

    Map<String, Poll> polls = new HashMap<>(catalogue.polls());
    polls.put("list-dbaas-services", reads.list());
    polls.put("get-dbaas-service-pg", reads.get());
    polls.put("get-dbaas-integration", integrations);
    polls.put("get-operation", new ExoscaleOperations(operations));
    Map<String, Command> commands = new HashMap<>(catalogue.commands());
    ExoscaleRequests requests = new ExoscaleRequests(offer, places, upgrades, sources);
    commands.putAll(new ExoscalePools(instances.connectionPools(), reads).commands());
    commands.putAll(new ExoscaleUsers(instances.roles(), reads).commands());
    commands.putAll(new ExoscaleDatabases(instances.logicalDatabases(), reads).commands());
    ExoscaleFork fork =
        new ExoscaleFork(reads, new BackupArchives(seen, Clock.systemUTC()), backups);
    commands.putAll(
        new ExoscaleServices(
                instances,
                cache,
                reads,
                requests,
                fork,
                new ExoscaleReplica(reads),
                updates,
                Clock.systemUTC())
            .commands());
    commands.put("get-dbaas-service-logs", new ExoscaleLogs(reads, logs, Clock.systemUTC()));
    commands.putAll(new ExoscaleUpgradeCheck(reads, checks, tasks).commands());
    commands.putAll(new ExoscaleMigrations(reads, instances.migrations()).commands());
    commands.putAll(integrations.commands());
    commands.put("get-dbaas-service-metrics", new ExoscaleMetrics(reads));
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
