package mooring.api;

import io.reactivex.rxjava3.core.Single;

/** An operation that takes its time. */
@FunctionalInterface
public interface Command {

  /** Carries it out; failures are {@link mooring.core.ProblemException}s or faults of ours. */
  Single<Reply> run(Call call);
}
