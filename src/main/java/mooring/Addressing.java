package mooring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import mooring.core.AddressScheme;
import mooring.core.Engine;
import mooring.platform.ClusterIpAddresses;
import mooring.platform.PoolAddresses;
import mooring.platform.ServiceType;
import mooring.platform.SharedHostAddresses;
import mooring.platform.TemplateAddresses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides how the addresses of databases are made. */
final class Addressing {
  private static final Logger log = LoggerFactory.getLogger(Addressing.class);
  private static final String LOOPBACK_POOL = "127.77.0.0/16";
  private static final String SHARED_HOST = "127.0.0.1";
  private static final int FIRST_PORT = 15_432;
  private static final int LAST_PORT = 25_431;
  private static final String CHOICE = "addressing";

  private Addressing() {}

  /** The scheme on a Kubernetes cluster. */
  static AddressScheme onCluster(Settings settings) {
    if (settings.serviceType() == ServiceType.CLUSTER_IP) {
      return new ClusterIpAddresses(settings.namespace());
    }
    return settings
        .databaseHost()
        .<AddressScheme>map(Addressing::named)
        .orElseGet(() -> pool(settings.addressPool().orElseThrow()));
  }

  /**
   * The scheme of the embedded parts: a loopback address per database, each with the engine's own
   * port; where such addresses cannot be bound, one address with a port per database. A data
   * directory keeps what it began with, because addresses never change.
   */
  static AddressScheme embedded(Settings settings, DataDirectory directory) {
    String pool = settings.addressPool().orElse(LOOPBACK_POOL);
    PoolAddresses addresses = pool(pool);
    String chosen = directory.read(CHOICE);
    if (chosen == null) {
      chosen = bindable(addresses) ? "address-per-database" : "port-per-database";
      directory.writePrivately(CHOICE, chosen);
    }
    if (chosen.equals("address-per-database")) {
      return addresses;
    }
    log.atWarn()
        .addKeyValue("pool", pool)
        .addKeyValue("host", SHARED_HOST)
        .addKeyValue("ports", FIRST_PORT + "-" + LAST_PORT)
        .log("addresses of the pool cannot be bound here; databases get a port each instead");
    return new SharedHostAddresses(SHARED_HOST, FIRST_PORT, LAST_PORT);
  }

  private static boolean bindable(PoolAddresses addresses) {
    String host = addresses.address(0, "", Engine.POSTGRESQL).host();
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), Engine.POSTGRESQL.port()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The addresses of MOORING_ADDRESS_POOL. */
  static PoolAddresses pool(String cidr) {
    try {
      return new PoolAddresses(cidr);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("MOORING_ADDRESS_POOL must be an IPv4 CIDR: " + e.getMessage());
    }
  }

  /** The addresses of MOORING_DATABASE_HOST. */
  static TemplateAddresses named(String template) {
    try {
      return new TemplateAddresses(template);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "MOORING_DATABASE_HOST must be a host name with {short} in it: " + e.getMessage());
    }
  }
}
