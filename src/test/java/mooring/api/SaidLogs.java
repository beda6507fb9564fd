package mooring.api;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import mooring.core.Instance;
import mooring.core.InstanceLog;
import mooring.core.LogQuery;
import mooring.core.LogReader;

/** What servers have said, said by the test. */
public final class SaidLogs implements LogReader {
  public volatile Single<List<InstanceLog>> said = Single.just(List.of());
  public volatile LogQuery asked;

  @Override
  public Single<List<InstanceLog>> read(Instance instance, LogQuery query) {
    asked = query;
    return said;
  }
}
