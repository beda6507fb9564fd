package mooring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.api.Proxies;
import mooring.core.Deadlines;
import mooring.core.Place;
import mooring.core.SourceAddresses;
import mooring.platform.ServiceType;

/**
 * The configuration, read once from environment variables. Wrong and unknown settings are refused
 * by name.
 */
final class Settings {
  /** Where the databases run. */
  enum Kubernetes {
    /** On the parts that come with the product. */
    EMBEDDED,
    /** On the cluster of the kubeconfig. */
    KUBECONFIG,
    /** On the cluster this process itself runs in. */
    IN_CLUSTER
  }

  private static final int USUAL_RATE_LIMIT = 1000;
  private static final String A_PORT = "a TCP port from 0 (any free one) to 65535";
  private static final String A_DURATION = "a duration such as 500ms, 90s, 15m or 1h";

  private static final Setting<String> HTTP_HOST =
      text("MOORING_HTTP_HOST", "an address to listen on", "127.0.0.1");
  private static final Setting<Integer> HTTP_PORT =
      new Setting<>("MOORING_HTTP_PORT", A_PORT, "8080", Values::port);
  private static final Setting<Integer> MANAGEMENT_PORT =
      new Setting<>("MOORING_MANAGEMENT_PORT", A_PORT, "9090", Values::port);
  private static final Setting<Path> DATA_DIR =
      new Setting<>("MOORING_DATA_DIR", "a directory", "data", Path::of);
  private static final Setting<Path> BINARIES_DIR =
      new Setting<>("MOORING_BINARIES_DIR", "a directory", null, Path::of);
  private static final Setting<String> DATABASE_URL =
      text(
          "MOORING_DATABASE_URL",
          "a URL like postgresql://user:password@host:5432/db?sslmode=require",
          null);
  private static final Setting<String> KEYSET =
      text("MOORING_ENCRYPTION_KEYSET", "a Tink AEAD keyset in JSON", null);
  private static final Setting<Kubernetes> KUBERNETES =
      new Setting<>(
          "MOORING_KUBERNETES",
          "embedded, kubeconfig or in-cluster",
          "embedded",
          text -> Values.oneOf(Kubernetes.class, text));
  private static final Setting<String> NAMESPACE =
      new Setting<>("MOORING_NAMESPACE", "a namespace (a DNS label)", "default", Settings::label);
  private static final Setting<ServiceType> SERVICE_TYPE =
      new Setting<>("MOORING_SERVICE_TYPE", "ClusterIP or LoadBalancer", null, Values::serviceType);
  private static final Setting<String> ADDRESS_POOL =
      text("MOORING_ADDRESS_POOL", "an IPv4 CIDR such as 10.20.0.0/16", null);
  private static final Setting<String> DATABASE_HOST =
      text("MOORING_DATABASE_HOST", "a host name with {short} in it", null);
  private static final Setting<String> IMAGE_CATALOG =
      new Setting<>(
          "MOORING_IMAGE_CATALOG",
          "the name of an ImageCatalog (a DNS label)",
          "mooring-postgresql",
          Settings::label);
  private static final Setting<String> STORAGE_CLASS =
      text("MOORING_STORAGE_CLASS", "the name of a StorageClass", null);
  private static final Setting<String> BACKUP_STORES =
      new Setting<>(
          "MOORING_BACKUP_STORES",
          "what the names of ObjectStores begin with (a DNS label)",
          null,
          Settings::label);
  private static final Setting<Path> DISCOVERY_TOKEN_FILE =
      new Setting<>("MOORING_DISCOVERY_TOKEN_FILE", "a file", null, Path::of);
  private static final Setting<List<Place>> PLACES =
      new Setting<>(
          "MOORING_PLACES",
          "rows like cloudheed=fsn1,uncloud=nyc1,ionos=de/fra,exoscale=de-fra-1"
              + " separated by semicolons",
          "cloudheed=fsn1,uncloud=nyc1,ionos=de/fra,exoscale=de-fra-1",
          Values::places);
  private static final Setting<Duration> FRESHNESS_BOUND =
      new Setting<>("MOORING_FRESHNESS_BOUND", A_DURATION, "90s", Values::duration);
  private static final Setting<Duration> CREATE_DEADLINE =
      new Setting<>("MOORING_CREATE_DEADLINE", A_DURATION, "15m", Values::duration);
  private static final Setting<Duration> CHANGE_DEADLINE =
      new Setting<>("MOORING_CHANGE_DEADLINE", A_DURATION, "10m", Values::duration);

  private static final Setting<Proxies> TRUSTED_PROXIES =
      new Setting<>(
          "MOORING_TRUSTED_PROXIES",
          "IP addresses and CIDRs separated by commas, such as 10.0.0.0/8,fd00::/8",
          null,
          Proxies::of);

  private static final Setting<Integer> RATE_LIMIT =
      new Setting<>(
          "MOORING_RATE_LIMIT",
          "a number of requests per minute from 0 (no limit) to 1000000",
          null,
          Values::rateLimit);

  private static final Setting<List<String>> MIGRATION_ALLOW =
      new Setting<>(
          "MOORING_MIGRATION_ALLOW",
          "CIDRs separated by commas, such as 127.0.0.0/8,fe80::/10",
          null,
          Values::addressBlocks);

  /** All of them, in the order of the README's table. */
  static final List<Setting<?>> ALL =
      List.of(
          HTTP_HOST,
          HTTP_PORT,
          MANAGEMENT_PORT,
          DATA_DIR,
          BINARIES_DIR,
          DATABASE_URL,
          KEYSET,
          KUBERNETES,
          NAMESPACE,
          SERVICE_TYPE,
          ADDRESS_POOL,
          DATABASE_HOST,
          IMAGE_CATALOG,
          STORAGE_CLASS,
          BACKUP_STORES,
          DISCOVERY_TOKEN_FILE,
          PLACES,
          FRESHNESS_BOUND,
          CREATE_DEADLINE,
          CHANGE_DEADLINE,
          RATE_LIMIT,
          TRUSTED_PROXIES,
          MIGRATION_ALLOW);

  /** The clients' own variables, which may stand in the same shell. */
  private static final Set<String> CLIENTS = Set.of("MOORING_URL", "MOORING_TOKEN");

  private final Function<String, String> environment;

  private Settings(Function<String, String> environment) {
    this.environment = environment;
  }

  /** Reads and checks the settings; a {@link SettingsException} says what is wrong. */
  static Settings of(Map<String, String> environment) {
    refuseUnknown(environment.keySet());
    Settings settings = new Settings(environment::get);
    ALL.forEach(setting -> setting.read(settings.environment));
    settings.requireTogether();
    settings.requireReadable();
    return settings;
  }

  String httpHost() {
    return required(HTTP_HOST);
  }

  int httpPort() {
    return required(HTTP_PORT);
  }

  /** Where clients on this machine reach the API, once it listens on a port. */
  String url(int port) {
    String host =
        switch (httpHost()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "::1";
          default -> httpHost();
        };
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  int managementPort() {
    return required(MANAGEMENT_PORT);
  }

  Path dataDirectory() {
    return required(DATA_DIR).toAbsolutePath().normalize();
  }

  /** Where the embedded servers' programs are unpacked. */
  Path binariesDirectory() {
    return BINARIES_DIR
        .read(environment)
        .map(path -> path.toAbsolutePath().normalize())
        .orElseGet(() -> dataDirectory().resolve("binaries"));
  }

  /** The database that keeps the records; empty for an embedded one. */
  Optional<String> databaseUrl() {
    return DATABASE_URL.read(environment);
  }

  Optional<String> keyset() {
    return KEYSET.read(environment);
  }

  Kubernetes kubernetes() {
    return required(KUBERNETES);
  }

  String namespace() {
    return required(NAMESPACE);
  }

  ServiceType serviceType() {
    ServiceType usual =
        kubernetes() == Kubernetes.EMBEDDED ? ServiceType.LOAD_BALANCER : ServiceType.CLUSTER_IP;
    return SERVICE_TYPE.read(environment).orElse(usual);
  }

  Optional<String> addressPool() {
    return ADDRESS_POOL.read(environment);
  }

  Optional<String> databaseHost() {
    return DATABASE_HOST.read(environment);
  }

  String imageCatalog() {
    return required(IMAGE_CATALOG);
  }

  Optional<String> storageClass() {
    return STORAGE_CLASS.read(environment);
  }

  /** What the names of the stores for backups begin with; empty for no backups. */
  Optional<String> backupStores() {
    Optional<String> set = BACKUP_STORES.read(environment);
    return kubernetes() == Kubernetes.EMBEDDED ? set.or(() -> Optional.of("mooring")) : set;
  }

  /** With the token of who reads the Services to find servers; empty for the product's own. */
  Optional<Path> discoveryTokenFile() {
    return DISCOVERY_TOKEN_FILE.read(environment);
  }

  List<Place> places() {
    return required(PLACES);
  }

  Duration freshnessBound() {
    return required(FRESHNESS_BOUND);
  }

  Deadlines deadlines() {
    return new Deadlines(required(CREATE_DEADLINE), required(CHANGE_DEADLINE));
  }

  /** Requests per minute and key, for the APIs that publish a limit; 0 for none. */
  int rateLimit() {
    boolean alone = databaseUrl().isEmpty() && kubernetes() == Kubernetes.EMBEDDED;
    return RATE_LIMIT.read(environment).orElse(alone ? 0 : USUAL_RATE_LIMIT);
  }

  /** Who is believed how clients reach the API. */
  Proxies trustedProxies() {
    return TRUSTED_PROXIES.read(environment).orElse(Proxies.NONE);
  }

  /** Which addresses data may be imported from. */
  SourceAddresses migrationSources() {
    return new SourceAddresses(MIGRATION_ALLOW.read(environment).orElse(List.of()));
  }

  /** Whether this process runs any embedded part, and so needs its data directory. */
  boolean embedded() {
    return databaseUrl().isEmpty() || kubernetes() == Kubernetes.EMBEDDED;
  }

  private <T> T required(Setting<T> setting) {
    return setting
        .read(environment)
        .orElseThrow(() -> new SettingsException(setting.name() + " must be " + setting.accepts()));
  }

  private void requireTogether() {
    if (databaseUrl().isPresent() && keyset().isEmpty()) {
      throw new SettingsException(
          KEYSET.name() + " must be " + KEYSET.accepts() + " when MOORING_DATABASE_URL is set");
    }
    if (kubernetes() == Kubernetes.EMBEDDED) {
      refuseOnEmbedded();
    }
    if (addressPool().isPresent() && databaseHost().isPresent()) {
      throw new SettingsException(
          "MOORING_ADDRESS_POOL must be unset with MOORING_DATABASE_HOST; a database has one"
              + " address");
    }
    if (httpPort() != 0 && httpPort() == managementPort()) {
      throw new SettingsException(
          "MOORING_MANAGEMENT_PORT must be another port than MOORING_HTTP_PORT");
    }
    boolean hosts = addressPool().isPresent() || databaseHost().isPresent();
    boolean outside = kubernetes() != Kubernetes.EMBEDDED;
    if (outside && serviceType() == ServiceType.LOAD_BALANCER && !hosts) {
      throw new SettingsException(
          "MOORING_SERVICE_TYPE LoadBalancer needs MOORING_ADDRESS_POOL ("
              + ADDRESS_POOL.accepts()
              + ") or MOORING_DATABASE_HOST ("
              + DATABASE_HOST.accepts()
              + ")");
    }
  }

  /** Refuses what could be told only later, when servers have been started. */
  private void requireReadable() {
    databaseUrl().ifPresent(Records::parse);
    keyset().ifPresent(Records::secrets);
    addressPool().ifPresent(Addressing::pool);
    databaseHost().ifPresent(Addressing::named);
  }

  /** The embedded parts give each database a loopback address; nothing else leads to its server. */
  private void refuseOnEmbedded() {
    if (serviceType() != ServiceType.LOAD_BALANCER) {
      throw new SettingsException(
          "MOORING_SERVICE_TYPE must be LoadBalancer, or unset, with MOORING_KUBERNETES embedded");
    }
    if (databaseHost().isPresent()) {
      throw new SettingsException(
          "MOORING_DATABASE_HOST must be unset with MOORING_KUBERNETES embedded");
    }
  }

  private static void refuseUnknown(Set<String> names) {
    Set<String> known = ALL.stream().map(Setting::name).collect(Collectors.toSet());
    Set<String> unknown =
        names.stream()
            .filter(name -> name.startsWith("MOORING_"))
            .filter(name -> !known.contains(name) && !CLIENTS.contains(name))
            .filter(name -> !injectedByKubernetes(name))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!unknown.isEmpty()) {
      String all = known.stream().sorted().collect(Collectors.joining(", "));
      throw new SettingsException(
          "unknown setting " + String.join(", ", unknown) + "; known are " + all);
    }
  }

  /** Kubernetes injects these into pods beside a Service called mooring. */
  private static boolean injectedByKubernetes(String name) {
    return Stream.of("MOORING_SERVICE_HOST", "MOORING_SERVICE_PORT", "MOORING_PORT")
        .anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "_"));
  }

  private static String label(String text) {
    if (!text.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  private static Setting<String> text(String name, String accepts, String fallback) {
    return new Setting<>(name, accepts, fallback, Function.identity());
  }
}
