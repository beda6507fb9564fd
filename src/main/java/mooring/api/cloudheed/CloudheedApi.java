package mooring.api.cloudheed;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.api.BearerAuthenticator;
import mooring.api.Command;
import mooring.api.KnownDatabases;
import mooring.api.Poll;
import mooring.api.PublishedApi;
import mooring.core.BackupList;
import mooring.core.Backups;
import mooring.core.Instances;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.status.MissLookup;
import mooring.status.StatusCache;
import mooring.status.TokenDirectory;

/** The operations of the Cloudheed databases API. */
public final class CloudheedApi {
  /** What its contract is called. */
  public static final String NAME = "cloudheed";

  private CloudheedApi() {}

  /** The API as the server binds it. */
  public static PublishedApi published(
      StatusCache cache,
      TokenDirectory directory,
      MissLookup misses,
      Instances instances,
      BackupList backupList,
      Backups backups,
      CloudheedAuth auth,
      Offer offer,
      List<Place> places,
      Clock clock) {
    CloudheedMapper mapper = new CloudheedMapper(places);
    CloudheedRequests requests = new CloudheedRequests(offer, places);
    KnownDatabases known = new KnownDatabases(cache, misses);
    CloudheedPolls reads = new CloudheedPolls(known, mapper);
    CloudheedCopies copies = new CloudheedCopies(instances, clock);
    CloudheedRecoveries recoveries = new CloudheedRecoveries(backups, known, reads, copies);
    CloudheedConfiguration configuration = new CloudheedConfiguration(instances, reads);

    Map<String, Poll> polls = new HashMap<>();
    polls.put("listDatabases", new CloudheedList(cache, reads, mapper).poll());
    polls.put("getDatabase", reads.get());
    polls.putAll(recoveries.polls());
    polls.putAll(configuration.polls());

    Map<String, Command> commands = new HashMap<>();
    commands.putAll(new CloudheedDatabases(instances, reads, mapper, requests).commands());
    commands.putAll(new CloudheedActions(instances, reads).commands());
    commands.putAll(new CloudheedBackups(backupList, backups, reads, copies).commands());
    commands.putAll(recoveries.commands());
    commands.putAll(configuration.commands());
    commands.putAll(auth.commands());
    return new PublishedApi(
        NAME,
        new BearerAuthenticator(directory),
        new CloudheedErrors(),
        Map.copyOf(polls),
        Map.copyOf(commands));
  }
}
