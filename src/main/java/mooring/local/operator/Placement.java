package mooring.local.operator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.ServerConfiguration;

/** Finds a place to listen at for a server that no client is led to yet. */
final class Placement {
  private Placement() {}

  /** The plan with an address; a server that runs without a Service stays where it is. */
  static DatabasePlan of(DatabasePlan plan, RunningServer running) {
    ClientService service = plan.service();
    if (!service.isNone()) {
      return plan;
    }
    ServerConfiguration now = running == null ? null : running.server().configuration();
    boolean placed = now != null && now.host().equals(service.host());
    return plan.at(service.at(placed ? now.port() : free(service.host())));
  }

  private static int free(String host) {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return any.getLocalPort();
    } catch (IOException e) {
      throw new PostgresException("there is no free port at " + host, e);
    }
  }
}
