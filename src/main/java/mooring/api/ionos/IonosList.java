package mooring.api.ionos;

import java.util.List;
import java.util.Locale;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Caller;
import mooring.status.Encoded;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** The list of clusters, from memory. */
final class IonosList implements Poll {
  private final StatusCache cache;
  private final IonosPolls polls;

  IonosList(StatusCache cache, IonosPolls polls) {
    this.cache = cache;
    this.polls = polls;
  }

  @Override
  public boolean linked() {
    return true;
  }

  @Override
  public Encoded read(Caller caller, String id, Parameters asked) {
    List<Snapshot> matching =
        cache.list(caller.tenant()).snapshots().stream()
            .filter(snapshot -> matches(snapshot, asked.string(IonosPage.FILTER)))
            .toList();
    return new IonosPage(asked).of(caller.tenant().toString(), matching, polls::encoded);
  }

  private static boolean matches(Snapshot snapshot, String name) {
    return IonosPolls.isVisible(snapshot.instance())
        && (name == null || lower(snapshot.instance().name()).contains(lower(name)));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
