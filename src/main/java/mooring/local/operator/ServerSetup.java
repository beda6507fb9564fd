package mooring.local.operator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.BuildOptions;
import mooring.local.postgres.CertificateAuthority;
import mooring.local.postgres.PostgresBinaries;
import mooring.local.postgres.PostgresServer;
import mooring.local.postgres.RefusedSettingsException;
import mooring.local.postgres.ServerConfiguration;
import mooring.local.postgres.ServerNames;
import mooring.local.postgres.ServerPing;
import mooring.local.postgres.WalArchive;

/** Turns a plan into what PostgreSQL needs: data, certificate, settings. */
final class ServerSetup {
  private static final Pattern IP_ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final PostgresBinaries binaries;
  private final BuildOptions options;
  private final CertificateAuthority authority;
  private final Stores stores;
  private final Recoveries recoveries;

  ServerSetup(
      PostgresBinaries binaries,
      BuildOptions options,
      CertificateAuthority authority,
      Stores stores,
      Recoveries recoveries) {
    this.binaries = binaries;
    this.options = options;
    this.authority = authority;
    this.stores = stores;
    this.recoveries = recoveries;
  }

  /** Makes the data, once; a Cluster that had data and has lost it is never made anew. */
  void ensureData(
      DatabasePlan plan, InstanceFiles files, boolean initialized, Consumer<Phase> progress) {
    ClusterSpec spec = plan.spec();
    OptionalInt major = files.data().major();
    if (major.isEmpty() && initialized) {
      throw new NotReadyException(Phase.UNRECOVERABLE, "its data directory is gone");
    }
    files.claim(spec);
    if (major.isEmpty()) {
      progress.accept(Phase.SETTING_UP_PRIMARY);
      if (plan.recovery().isPresent()) {
        recoveries.recover(plan, plan.recovery().get(), files);
        return;
      }
      List<String> statements =
          new ArrayList<>(Bootstrap.ownedDatabase(spec.owner(), plan.password(), spec.database()));
      statements.addAll(spec.statements());
      files
          .data()
          .create(
              binaries.installation(plan.major()),
              new Bootstrap(
                  files.superuserPassword(),
                  spec.encoding(),
                  spec.collate(),
                  spec.characterType(),
                  spec.checksums(),
                  statements));
    }
  }

  /** Returns whether the certificate was made anew. */
  boolean ensureCertificate(DatabasePlan plan, InstanceFiles files) {
    ClusterSpec spec = plan.spec();
    Set<String> addresses = new TreeSet<>(Set.of(plan.service().host()));
    Set<String> names = new TreeSet<>();
    for (String service : List.of(spec.name(), spec.name() + "-rw")) {
      names.add(service);
      names.add(service + "." + spec.namespace());
      names.add(service + "." + spec.namespace() + ".svc");
    }
    for (String name : spec.alternativeNames()) {
      (IP_ADDRESS.matcher(name).matches() ? addresses : names).add(name);
    }
    authority.writeTo(files.authority());
    return new ServerNames(spec.name(), addresses, names)
        .ensureCertified(authority, files.certificate(), files.key());
  }

  /** Of the primary. */
  ServerConfiguration configuration(
      DatabasePlan plan, InstanceFiles files, SynchronousStandbys confirming) {
    int major = files.data().major().orElse(plan.major());
    Map<String, String> parameters =
        options.available(binaries.installation(major), plan.spec().parameters());
    List<String> rules = new ArrayList<>(List.of(ServerPing.CLIENT_RULE));
    if (plan.spec().instances() > 1) {
      parameters.put("synchronous_standby_names", confirming.setting());
    }
    if (plan.spec().instances() > 1 || plan.followed()) {
      parameters.putIfAbsent("wal_keep_size", "512MB"); // CloudNativePG's default
      rules.add(StandbySettings.REPLICATION_RULE);
    }
    plan.origin()
        .filter(origin -> plan.spec().follows())
        .ifPresent(origin -> parameters.putAll(StandbySettings.following(origin, files)));
    parameters.put("cluster_name", plan.spec().name());
    parameters.put("ssl", "on");
    parameters.put("ssl_cert_file", files.certificate().toString());
    parameters.put("ssl_key_file", files.key().toString());
    parameters.put("ssl_ca_file", files.authority().toString());
    archive(plan, files)
        .ifPresent(
            archive -> {
              parameters.put("archive_mode", "on");
              parameters.put("archive_command", archive.archiveCommand());
              parameters.putIfAbsent("archive_timeout", "60s");
            });
    rules.addAll(plan.spec().clientRules());
    rules.addAll(plan.clientRules());
    return ServerConfiguration.listeningAt(
        plan.service().host(), plan.service().port(), parameters, rules);
  }

  ServerConfiguration standbyConfiguration(DatabasePlan plan, InstanceFiles files, int port) {
    return StandbySettings.of(configuration(plan, files, SynchronousStandbys.NONE), files, port);
  }

  /** Archives what a server that has ended has left unarchived. */
  void archiveRest(DatabasePlan plan, InstanceFiles files) {
    archive(plan, files).ifPresent(archive -> archive.takeOver(files.data()));
  }

  /** While data is not of the planned version yet, its log goes where it went before. */
  private Optional<WalArchive> archive(DatabasePlan plan, InstanceFiles files) {
    int major = files.data().major().orElse(plan.major());
    Optional<ArchiveTarget> before =
        major == plan.major() ? Optional.empty() : files.rememberedArchive();
    if (major == plan.major()) {
      plan.archive().ifPresent(files::rememberArchive);
    }
    return before.or(plan::archive).map(target -> stores.of(target).madeWal(major));
  }

  /**
   * Has a running server take a changed configuration.
   *
   * @return false when it has to be restarted for that
   * @throws RefusedSettingsException when PostgreSQL refuses it; the one before stays in force
   */
  boolean applied(PostgresServer server, InstanceFiles files, ServerConfiguration wanted) {
    ServerConfiguration before = server.configuration();
    check(files, wanted);
    try (Administration session = Administration.open(before, files.superuserPassword())) {
      if (session.needRestart(changed(before, wanted))) {
        return false;
      }
    }
    server.reload(wanted);
    return true;
  }

  /** Fails with a {@link RefusedSettingsException} when PostgreSQL would refuse a configuration. */
  void check(InstanceFiles files, ServerConfiguration wanted) {
    wanted.check(binaries.installation(files.data().major().orElseThrow()), files.data());
  }

  private static Set<String> changed(ServerConfiguration before, ServerConfiguration wanted) {
    Set<String> names = new HashSet<>(before.settings().keySet());
    names.addAll(wanted.settings().keySet());
    names.removeIf(
        name -> Objects.equals(before.settings().get(name), wanted.settings().get(name)));
    return names;
  }
}
