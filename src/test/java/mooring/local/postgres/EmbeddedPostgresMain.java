package mooring.local.postgres;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program to kill: runs the metadata database until the process ends. */
public final class EmbeddedPostgresMain {
  private EmbeddedPostgresMain() {}

  public static void main(String[] args) throws InterruptedException {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(Path.of(args[0]), TestBinaries.ALL, Integer.parseInt(args[1]));
    System.out.println("pid " + postgres.pid());
    System.out.println("port " + postgres.port());
    new CountDownLatch(1).await();
  }
}
