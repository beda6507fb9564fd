package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.util.List;

/** Reads what a database's servers have said, as far as the platform still has it. */
public interface LogReader {

  /**
   * The lines of each server that has one; fails with {@link Problem.Unavailable} while they cannot
   * be read.
   */
  Single<List<InstanceLog>> read(Instance instance, LogQuery query);
}
