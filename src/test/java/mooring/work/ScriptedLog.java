package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.SourceLog;
import mooring.core.SourceSilentException;

/** A log that is archived, or cannot be asked, when a test says so. */
final class ScriptedLog implements SourceLog {
  final AtomicInteger marks = new AtomicInteger();
  final AtomicInteger questions = new AtomicInteger();
  volatile boolean away;
  volatile boolean withoutKubernetes;
  volatile boolean late;
  volatile boolean archived;
  volatile String password;
  volatile String cluster;

  @Override
  public Maybe<String> mark(Instance source, Credentials login, Instant moment) {
    questions.incrementAndGet();
    if (withoutKubernetes) {
      return Maybe.error(new IllegalStateException("Kubernetes is away"));
    }
    if (away) {
      return Maybe.error(new SourceSilentException("the source is away"));
    }
    password = login.password();
    cluster = source.clusterName();
    return late ? Maybe.empty() : Maybe.fromCallable(() -> "mark " + marks.incrementAndGet());
  }

  @Override
  public Single<Boolean> archived(Instance source, Credentials login, String mark) {
    questions.incrementAndGet();
    return away
        ? Single.error(new SourceSilentException("the source is away"))
        : Single.just(archived && mark.equals("mark 1"));
  }
}
