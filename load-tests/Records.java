import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import mooring.local.postgres.EmbeddedPostgres;
import mooring.local.postgres.PostgresBinaries;

/**
 * A PostgreSQL server for the records, until it is told to stop; prints its URL. Arguments: the
 * directory that keeps it, and the one that its programs are unpacked in.
 */
public final class Records {
  private static final int MAJOR = 16;

  private Records() {}

  public static void main(String[] args) throws Exception {
    PostgresBinaries binaries = new PostgresBinaries(Path.of(args[1]));
    EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]), binaries, MAJOR);
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
    System.out.println("DATABASE_URL=" + postgres.uri());
    new CountDownLatch(1).await();
  }
}
