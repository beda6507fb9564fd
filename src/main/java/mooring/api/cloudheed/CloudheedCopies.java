package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import mooring.core.Api;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.Names;
import mooring.core.NewDatabase;
import mooring.core.Recovery;
import mooring.core.Setup;
import mooring.core.Uniqueness;

/** New databases made from what others were. */
final class CloudheedCopies {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

  /**
   * A new database.
   *
   * @param instance the database
   * @param password of its owner
   */
  record Copy(Instance instance, String password) {
    @Override
    public String toString() {
      return "Copy[" + instance.id() + "]";
    }
  }

  private final Instances instances;
  private final Clock clock;

  CloudheedCopies(Instances instances, Clock clock) {
    this.instances = instances;
    this.clock = clock;
  }

  /**
   * Makes a database of the same size and place, of the version that is recovered.
   *
   * @param name null for the source's with the time
   */
  Single<Copy> make(Caller caller, Instance source, Recovery recovery, String name) {
    // The roles and the databases are those of the source, and so is the first of each.
    NewDatabase.Login login = new NewDatabase.Login(source.owner(), source.database());
    Setup setup =
        Setup.NONE
            .withParameters(source.setup().parameters())
            .withRetention(source.setup().retentionDays())
            .recoveredFrom(recovery);
    NewDatabase asked =
        new NewDatabase(
            Api.CLOUDHEED,
            name == null ? stamped(source.name()) : name,
            source.spec().withVersion(source.versionOf(recovery.sourceName())),
            login,
            setup,
            Uniqueness.NAME,
            source.attributes());
    return instances
        .create(caller, asked)
        .map(made -> new Copy(made.instance(), made.credentials().password()));
  }

  /** Valid here, whatever the name that another API allowed. */
  private String stamped(String name) {
    String stamp = "-" + STAMP.format(clock.instant());
    String slug = Names.slug(name);
    String base = !slug.isEmpty() && Character.isLetter(slug.charAt(0)) ? slug : "db-" + slug;
    String cut = base.substring(0, Math.min(base.length(), Names.MAX - stamp.length()));
    return cut.replaceAll("-+$", "") + stamp;
  }
}
