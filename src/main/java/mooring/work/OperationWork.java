package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.OperationStore;
import mooring.status.StatusFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running operations; what they come to is published as it is written. */
final class OperationWork implements Work<Job, Instance> {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final OperationStore operations;
  private final Steps steps;
  private final StatusFeed feed;
  private final WorkerSettings settings;

  OperationWork(OperationStore operations, Steps steps, StatusFeed feed, WorkerSettings settings) {
    this.operations = operations;
    this.steps = steps;
    this.feed = feed;
    this.settings = settings;
  }

  @Override
  public Single<List<Job>> claim(int limit) {
    return operations
        .claim(settings.owner(), settings.lease(), limit)
        .map(instances -> instances.stream().map(Job::new).toList());
  }

  @Override
  public Maybe<Instance> step(Job job) {
    return steps.next(job);
  }

  @Override
  public void claimed(Job job) {
    log.atInfo()
        .addKeyValue("instance", job.instance().id())
        .addKeyValue("operation", job.operation().kind())
        .addKeyValue("attempt", job.operation().attempt())
        .log("operation claimed");
  }

  @Override
  public void waiting(Job job) {
    feed.publish(job.instance());
  }

  @Override
  public void heldUp(Job job, Throwable fault) {
    log.atWarn()
        .addKeyValue("instance", job.instance().id())
        .addKeyValue("operation", job.operation().kind())
        .addKeyValue("fault", fault.getMessage())
        .log("operation is held up");
  }

  @Override
  public boolean done(Job job, Instance ended) {
    feed.publish(ended);
    Operation operation = ended.operation();
    log.atInfo()
        .addKeyValue("instance", ended.id())
        .addKeyValue("operation", operation.kind())
        .addKeyValue("outcome", operation.outcome())
        .addKeyValue("reason", operation.reason())
        .log("operation ended");
    return false;
  }
}
