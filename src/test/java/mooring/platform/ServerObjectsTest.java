package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.Offer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engines other than PostgreSQL ask of Kubernetes. */
class ServerObjectsTest {
  private static final PlatformSettings SETTINGS =
      PlatformSettings.of("prod", ServiceType.LOAD_BALANCER);

  @ParameterizedTest
  @EnumSource(names = "POSTGRESQL", mode = EnumSource.Mode.EXCLUDE)
  void eachOfferedVersionHasAnImageWhoseTagBeginsWithIt(Engine engine) {
    EngineServer server = EngineServer.of(engine).orElseThrow();
    for (String version : Offer.standard().versionsOf(engine)) {
      assertThat(server.image(version)).contains(":" + version + ".");
      StatefulSet set = set(instance(engine, version, 1));
      assertThat(ServerSetReader.read(set, List.of()).version()).isEqualTo(version);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "POSTGRESQL", mode = EnumSource.Mode.EXCLUDE)
  void aPodHasNoRightsItDoesNotNeed(Engine engine) {
    PodSpec pod = set(newest(engine)).getSpec().getTemplate().getSpec();
    Container container = pod.getContainers().get(0);

    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
    assertThat(container.getStartupProbe().getExec().getCommand()).isNotEmpty();
    assertThat(container.getEnv())
        .noneSatisfy(
            variable -> assertThat(variable.getValue()).isEqualTo(Samples.CREDENTIALS.password()));
  }

  @Test
  void theFirstRedisIsThePrimaryAndTheOthersFollowItByName() {
    Instance database = instance(Engine.REDIS, "7.2", 3);
    String name = database.objectName();

    StatefulSet set = set(database);
    Service clients = ServerObjects.clients(database, SETTINGS);

    assertThat(set.getSpec().getReplicas()).isEqualTo(3);
    assertThat(set.getSpec().getTemplate().getSpec().getContainers().get(0).getCommand())
        .containsExactly(
            "sh",
            "-c",
            "case $HOSTNAME in *-0) exec redis-server /etc/mooring/redis.conf ;; "
                + "*) exec redis-server /etc/mooring/redis.conf --replicaof "
                + name
                + "-0."
                + name
                + "-nodes 6379 ;; esac");
    assertThat(clients.getSpec().getSelector())
        .containsEntry("statefulset.kubernetes.io/pod-name", name + "-0");
  }

  @Test
  void redisKeepsItsDataInTheAppendOnlyFileAlone() {
    EngineServer server = EngineServer.of(Engine.REDIS).orElseThrow();

    assertThat(server.configuration(newest(Engine.REDIS).spec()).get("redis.conf").lines())
        .contains("appendonly yes", "save \"\"");
  }

  @Test
  void thePasswordOfRedisIsInAFileOfItsSecret() {
    Instance database = newest(Engine.REDIS);

    Secret secret =
        ServerObjects.secret(
            database, EngineServer.of(Engine.REDIS).orElseThrow(), Samples.CREDENTIALS, SETTINGS);

    String file =
        new String(
            Base64.getDecoder().decode(secret.getData().get("password.conf")),
            StandardCharsets.UTF_8);
    assertThat(file.lines())
        .containsExactly(
            "requirepass \"s3cret-Value_1\"",
            "masterauth \"s3cret-Value_1\"",
            "user \"\" on \">s3cret-Value_1\" ~* &* +@all");
  }

  @Test
  void whatTheServerReadsFollowsFromTheMemoryAndRestartsIt() {
    Instance small = newest(Engine.MYSQL);
    Instance large = Samples.sized(small, 4096, 10_240);
    EngineServer server = EngineServer.of(Engine.MYSQL).orElseThrow();

    assertThat(server.configuration(small.spec()).get("mysql.cnf"))
        .contains("innodb_buffer_pool_size=512M", "loose_mysqlx=OFF");
    assertThat(server.configuration(large.spec()).get("mysql.cnf"))
        .contains("innodb_buffer_pool_size=2048M");
    assertThat(digest(small)).isEqualTo(digest(newest(Engine.MYSQL))).isNotEqualTo(digest(large));
  }

  /** What the tenant does with the login is nothing to take the server out for. */
  @Test
  void theLoginIsAskedForOnlyUntilItHasWorkedOnceOnAVolume() {
    Container mysql = container(Engine.MYSQL);
    String ping = "MYSQL_PWD=\"$MYSQL_PASSWORD\" mysqladmin -h \"$POD_IP\" -u \"$MYSQL_USER\" ping";
    assertThat(mysql.getStartupProbe().getExec().getCommand())
        .containsExactly(
            "sh",
            "-c",
            "if [ -e /var/lib/mysql/.mooring-ready ]; then "
                + ping
                + "; else MYSQL_PWD=\"$MYSQL_PASSWORD\" mysql -h \"$POD_IP\" -u \"$MYSQL_USER\""
                + " -e 'SELECT 1' && touch /var/lib/mysql/.mooring-ready; fi");
    assertThat(mysql.getReadinessProbe().getExec().getCommand()).containsExactly("sh", "-c", ping);

    assertThat(container(Engine.MONGODB).getStartupProbe().getExec().getCommand().get(2))
        .startsWith("if [ -e /data/db/.mooring-ready ]; then HOME=/tmp mongosh ")
        .contains("quit(db.runCommand({ping: 1}).ok === 1 ? 0 : 1)\"; else HOME=/tmp mongosh ")
        .endsWith(" && touch /data/db/.mooring-ready; fi");

    Container redis = container(Engine.REDIS);
    assertThat(redis.getReadinessProbe().getExec().getCommand().get(2))
        .contains("NOAUTH", "WRONGPASS")
        .isEqualTo(redis.getStartupProbe().getExec().getCommand().get(2));
  }

  @Test
  void theShellOfMongodbIsAskedOnlyUntilTheServerIsUp() {
    Container container = container(Engine.MONGODB);

    assertThat(container.getStartupProbe().getPeriodSeconds()).isEqualTo(10);
    assertThat(container.getStartupProbe().getFailureThreshold()).isEqualTo(360);
    assertThat(container.getReadinessProbe().getExec()).isNull();
    assertThat(container.getReadinessProbe().getTcpSocket().getPort().getIntVal())
        .isEqualTo(27_017);
  }

  /** They go by the deletion of the database alone. */
  @Test
  void volumesDoNotGoWithTheirSet() {
    assertThat(set(newest(Engine.MONGODB)).getSpec().getPersistentVolumeClaimRetentionPolicy())
        .isNull();
  }

  private static Map<String, String> digest(Instance database) {
    return set(database).getSpec().getTemplate().getMetadata().getAnnotations();
  }

  private static StatefulSet set(Instance database) {
    EngineServer server = EngineServer.of(database.spec().engine()).orElseThrow();
    return ServerSet.of(database, server, SETTINGS, null);
  }

  private static Container container(Engine engine) {
    return set(newest(engine)).getSpec().getTemplate().getSpec().getContainers().get(0);
  }

  private static Instance newest(Engine engine) {
    return instance(engine, Offer.standard().newest(engine).orElseThrow(), 1);
  }

  private static Instance instance(Engine engine, String version, int instances) {
    return Samples.instance(engine, version, "10.1.2.3", instances);
  }
}
