package mooring.platform;

import static mooring.platform.Samples.CREDENTIALS;
import static mooring.platform.Samples.changed;
import static mooring.platform.Samples.created;
import static mooring.platform.Samples.instance;
import static mooring.platform.Samples.owned;
import static mooring.platform.Samples.sized;
import static mooring.platform.Samples.stopped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mooring.core.Address;
import mooring.core.Applied;
import mooring.core.Credentials;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.LeaseLostException;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.PlatformRefusedException;
import mooring.core.Policy;
import mooring.core.Recovery;
import mooring.core.ReplicaOf;
import mooring.core.SeenServers;
import mooring.core.Setup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the platform does, against whichever API server a subclass names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KubernetesPlatformContract {
  // A server that has just learnt a kind collects its objects only after half a minute.
  private static final Duration SOON = Duration.ofSeconds(60);

  private Lab lab;
  private KubernetesConnection connection;
  private KubernetesPlatform platform;
  private final Seen seen = new Seen();

  /** The API server, ready, with CloudNativePG's resources. */
  abstract Path kubeconfig() throws Exception;

  /** The longest time after which an idle watch has to be heard. */
  abstract Duration heardWithin();

  @BeforeAll
  void open() throws Exception {
    lab = new Lab(kubeconfig());
    connection = lab.connect();
  }

  @BeforeEach
  void begin() {
    platform = new KubernetesPlatform(connection, settings());
  }

  @AfterEach
  void end() {
    platform.close();
    seen.all.clear();
  }

  @AfterAll
  void close() {
    if (connection != null) {
      connection.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void appliesTwiceAndChangesNothing() {
    Instance database = instance("127.77.0.1");

    Applied first = applied(database);
    Secret secret = secret(database);
    Service service = lab.service(database.objectName()).get();
    Applied second = applied(database);

    assertThat(second).isEqualTo(first);
    assertThat(first.object()).isPositive();
    assertThat(first.password()).isEqualTo(Versions.of(secret));
    assertThat(secret(database).getMetadata().getResourceVersion())
        .isEqualTo(secret.getMetadata().getResourceVersion());
    assertThat(lab.service(database.objectName()).get().getMetadata().getResourceVersion())
        .isEqualTo(service.getMetadata().getResourceVersion());
  }

  @Test
  void theServerKeepsAllOfWhatIsApplied() {
    Setup setup =
        Setup.NONE
            .withParameters(Map.of("work_mem", "8MB"))
            .withRestartAt(Instant.parse("2026-03-04T05:06:07Z"))
            .withRetention(7);
    Instance plain = instance("127.77.0.2", 3);
    Instance full = owned(created(instance("a.db.example.com"), setup), "app_user", "postgres");
    Recovery one = new Recovery(plain.id(), plain.objectName(), 0, "20260102T030405", null);
    Recovery moment =
        new Recovery(
            plain.id(), plain.objectName(), 7, null, Instant.parse("2026-01-02T03:04:05Z"));
    Instance backup = created(instance("127.77.0.20"), setup.recoveredFrom(one));
    Instance past = created(instance("127.77.0.21"), setup.recoveredFrom(moment));
    ReplicaOf origin = ReplicaOf.of(plain);
    Instance replica = created(instance("127.77.0.22"), setup.replicaOf(origin));
    for (Instance database : List.of(plain, full, backup, past, replica)) {
      apply(database);

      Kept.in(lab.cluster(database.objectName()).get(), PostgresCluster.of(database, settings()));
      Kept.in(lab.service(database.objectName()).get(), ClientService.of(database, settings()));
      Kept.in(secret(database), LoginSecret.of(database, CREDENTIALS, settings()));
    }
  }

  @Test
  void aPolicyOfBeforeComesToLetReadReplicasIn() {
    Policy few = Policy.NONE.withAllowList(List.of("10.0.0.0/8"));
    Instance source = created(instance("127.77.0.31"), Setup.NONE.withPolicy(few));
    apply(source);
    int rules = policy(source).getSpec().getIngress().size();
    NetworkPolicy before = policy(source);
    before.getSpec().getIngress().removeIf(rule -> rule.toString().contains(Labels.REPLICA_OF));
    before.getMetadata().setManagedFields(null);
    NetworkPolicy unused = lab.admin.resource(before).update();
    assertThat(policy(source).getSpec().getIngress()).hasSize(rules - 1);

    platform.admit(source, Fence.none()).blockingAwait();
    platform.admit(source, Fence.none()).blockingAwait();

    assertThat(policy(source).getSpec().getIngress())
        .containsExactlyInAnyOrderElementsOf(
            ClientAccess.policy(source, settings()).getSpec().getIngress());
    Instance open = instance("127.77.0.32");
    apply(open);
    platform.admit(open, Fence.none()).blockingAwait();
    assertThat(policy(open)).isNull();
  }

  private NetworkPolicy policy(Instance database) {
    return lab.admin
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(lab.namespace)
        .withName(database.objectName())
        .get();
  }

  @Test
  void aChangeSaysWhetherTheClusterWasAskedForMore() {
    Instance database = instance("127.77.0.22");
    Applied made = applied(database);
    Instance stopped = stopped(database);

    Applied first = applied(stopped);
    lab.healthy(database.objectName());
    Applied again = applied(stopped);

    assertThat(first.changed()).isTrue();
    assertThat(first.object()).isGreaterThan(made.object());
    assertThat(again.changed()).isFalse();
    assertThat(again.object()).isGreaterThan(first.object());
    assertThat(again.password()).isEqualTo(made.password());
    assertThat(lab.cluster(database.objectName()).get().getMetadata().getAnnotations())
        .containsEntry("cnpg.io/hibernation", "on");
  }

  @Test
  void aNewPasswordIsANewVersionOfTheSecretOnly() {
    Instance database = instance("127.77.0.23");
    Applied made = applied(database);

    Applied reset =
        platform
            .apply(
                changed(database, database.spec(), database.desired(), database.setup()),
                new Credentials("app_user", "another-Value_2", "orders"),
                Fence.none())
            .blockingGet();

    assertThat(reset.password()).isGreaterThan(made.password());
    assertThat(reset.object()).isEqualTo(made.object());
    assertThat(reset.changed()).isFalse();
  }

  @Test
  void aSmallerSizeKeepsTheVolume() {
    Instance database = instance("127.77.0.24");
    apply(database);

    apply(sized(database, 2048, 20_480));
    apply(sized(database, 512, 5_120));

    GenericKubernetesResource cluster = lab.cluster(database.objectName()).get();
    assertThat(cluster.<String>get("spec", "storage", "size")).isEqualTo("20Gi");
    assertThat(cluster.<String>get("spec", "resources", "limits", "memory")).isEqualTo("512Mi");
  }

  @Test
  void aClusterThatHasGoneIsNeverMadeAnew() {
    Instance database = instance("127.77.0.25");
    apply(database);
    lab.cluster(database.objectName()).delete();
    await().atMost(SOON).until(() -> lab.cluster(database.objectName()).get() == null);

    assertThatThrownBy(() -> apply(stopped(database)))
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageContaining("never made anew");

    assertThat(lab.cluster(database.objectName()).get()).isNull();
  }

  @Test
  void takesBackItsOwnFields() {
    Instance database = instance("127.77.0.3");
    apply(database);
    lab.cluster(database.objectName())
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"instances\":2}}");

    apply(database);

    GenericKubernetesResource cluster = lab.cluster(database.objectName()).get();
    assertThat(cluster.<Integer>get("spec", "instances")).isEqualTo(1);
  }

  /** Each object in turn is the one before whose change the lease is lost. */
  @Test
  void whatComesTooLateChangesNothing() {
    for (int late = 1; late <= 4; late++) {
      Instance database = created(instance("127.77.0.26"), Setup.NONE.withRetention(7));
      apply(database);
      Instance bigger = sized(database, 2048, 10_240);
      Instance newest = sized(database, 4096, 10_240);
      Fence fence = lostAfter(late, () -> apply(newest, () -> Single.just(1L)));

      assertThatThrownBy(() -> apply(bigger, fence)).isInstanceOf(LeaseLostException.class);

      GenericKubernetesResource cluster = lab.cluster(database.objectName()).get();
      assertThat(cluster.<String>get("spec", "resources", "limits", "memory")).isEqualTo("4Gi");
    }
  }

  /** Whoever took over has found nothing to change, and is not overtaken all the same. */
  @Test
  void whatComesTooLateChangesNothingThatWasLeftAsItWas() {
    Instance database = instance("127.77.0.27");
    apply(database);
    Instance same = changed(database, database.spec(), database.desired(), database.setup());
    Credentials other = new Credentials("app_user", "another-Value_2", "orders");
    for (int late = 1; late <= 3; late++) {
      long token = late;
      Fence fence = lostAfter(late, () -> apply(same, () -> Single.just(token)));

      assertThatThrownBy(() -> platform.apply(stopped(database), other, fence).blockingGet())
          .isInstanceOf(LeaseLostException.class);

      assertThat(lab.cluster(database.objectName()).get().getMetadata().getAnnotations())
          .containsEntry("cnpg.io/hibernation", "off")
          .containsEntry("mooring/fence", Long.toString(token));
      Kept.in(secret(database), LoginSecret.of(database, CREDENTIALS, settings()));
    }
  }

  @Test
  void whatWasMadeByAnotherMeanwhileIsLeftAsItIs() {
    for (int late = 1; late <= 3; late++) {
      Instance database = instance("127.77.0.28");
      Fence fence = lostAfter(late, () -> apply(database));
      Credentials other = new Credentials("app_user", "another-Value_2", "orders");

      assertThatThrownBy(() -> platform.apply(database, other, fence).blockingGet())
          .isInstanceOf(LeaseLostException.class);

      Kept.in(secret(database), LoginSecret.of(database, CREDENTIALS, settings()));
    }
  }

  @Test
  void whatWasDeletedMeanwhileIsNotMadeAnew() {
    Instance database = instance("127.77.0.29");
    apply(database);
    Fence fence = lostAfter(3, () -> await().atMost(SOON).until(() -> delete(database)));

    assertThatThrownBy(() -> apply(stopped(database), fence))
        .isInstanceOf(PlatformRefusedException.class);

    assertThat(lab.cluster(database.objectName()).get()).isNull();
  }

  @Test
  void aWriteInBetweenIsFollowedByAnotherTry() {
    Instance database = instance("127.77.0.30");
    apply(database);
    AtomicInteger asked = new AtomicInteger();
    Fence fence =
        () -> {
          if (asked.incrementAndGet() == 3) {
            lab.healthy(database.objectName());
          }
          return Single.just(0L);
        };

    apply(stopped(database), fence);

    assertThat(asked).hasValue(4);
    GenericKubernetesResource cluster = lab.cluster(database.objectName()).get();
    assertThat(cluster.getMetadata().getAnnotations()).containsEntry("cnpg.io/hibernation", "on");
    assertThat(cluster.<String>get("status", "phase")).isEqualTo("Cluster in healthy state");
  }

  @Test
  void whoeverHasLostTheLeaseDeletesNothing() {
    Instance database = instance("127.77.0.31");
    apply(database);
    Fence fence = lostAfter(1, () -> apply(stopped(database)));

    assertThatThrownBy(() -> platform.delete(database, fence).blockingGet())
        .isInstanceOf(LeaseLostException.class);

    assertThat(lab.cluster(database.objectName()).get().isMarkedForDeletion()).isFalse();
  }

  @Test
  void refusesWhatValidationRefuses() {
    Instance database = instance("127.77.0.4");
    Instance wrong = named(database, "db.UPPER_case");

    assertThatThrownBy(() -> apply(wrong))
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageContaining("Secret")
        .hasMessageContaining("422")
        .hasMessageNotContaining(CREDENTIALS.password());
  }

  @Test
  void findsTheAuthorityOfADatabase() {
    Instance database = instance("127.77.0.7");
    ServerAuthorities authorities = new ServerAuthorities(connection, lab.namespace);
    assertThatThrownBy(() -> authorities.of(database).blockingGet())
        .hasMessageContaining("ca.crt")
        .hasMessageContaining(database.objectName() + "-ca");
    Secret made =
        new SecretBuilder()
            .withNewMetadata()
            .withName(database.objectName() + "-ca")
            .endMetadata()
            .withStringData(Map.of("ca.crt", "a certificate", "ca.key", "a key"))
            .build();
    lab.admin.secrets().inNamespace(lab.namespace).resource(made).create();

    assertThat(authorities.of(database).blockingGet()).isEqualTo("a certificate");
  }

  @Test
  void leavesForeignObjectsOfTheSameNameAlone() {
    Instance database = instance("127.77.0.6");
    Secret foreign =
        new SecretBuilder()
            .withNewMetadata()
            .withName(LoginSecret.name(database))
            .endMetadata()
            .withType("kubernetes.io/basic-auth")
            .withStringData(Map.of("username", "someone", "password", "else"))
            .build();
    lab.admin.secrets().inNamespace(lab.namespace).resource(foreign).create();
    Secret before = secret(database);

    assertThatThrownBy(() -> apply(database))
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageContaining("does not belong");
    assertThat(delete(database)).isTrue();

    assertThat(secret(database)).isEqualTo(before);
  }

  @Test
  void deletesClusterThenTheRestThenNothing() {
    Instance database = instance("127.77.0.7");
    apply(database);
    String hold = "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}";
    lab.cluster(database.objectName()).patch(PatchContext.of(PatchType.JSON_MERGE), hold);

    assertThat(delete(database)).isFalse();
    assertThat(delete(database)).isFalse();
    assertThat(lab.cluster(database.objectName()).get().isMarkedForDeletion()).isTrue();
    assertThat(lab.service(database.objectName()).get().isMarkedForDeletion()).isFalse();
    assertThat(secret(database).isMarkedForDeletion()).isFalse();

    lab.cluster(database.objectName())
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":[]}}");
    await().atMost(SOON).until(() -> delete(database));
    assertThat(lab.cluster(database.objectName()).get()).isNull();
    assertThat(lab.service(database.objectName()).get()).isNull();
    assertThat(secret(database)).isNull();
    assertThat(delete(database)).isTrue();
  }

  @Test
  void removesWhatIsLeftOfAClusterThatNeverWas() {
    Instance database = instance("127.77.0.8");
    apply(database);
    lab.cluster(database.objectName()).delete();
    await().atMost(SOON).until(() -> lab.cluster(database.objectName()).get() == null);

    await().atMost(SOON).until(() -> delete(database));

    assertThat(lab.service(database.objectName()).get()).isNull();
    assertThat(secret(database)).isNull();
  }

  @Test
  void showsWhatIsThereThenWhatChanges() {
    Instance old = instance("127.77.0.9");
    apply(old);
    start(platform);
    await().atMost(SOON).until(() -> seen.synced > 0);
    assertThat(seen.of(old.id())).isNotEmpty();
    assertThat(seen.toldBeforeSync).isPositive();
    assertThat(platform.synced()).isTrue();
    await().atMost(SOON).until(platform::watching);

    Instance fresh = instance("127.77.0.10");
    long applied = apply(fresh);
    await().atMost(SOON).until(() -> seen.last(fresh.id()).objectVersion() == applied);
    assertThat(seen.last(fresh.id()).condition()).isEqualTo(Condition.SETTING_UP);

    lab.healthy(fresh.objectName());
    lab.balanced(fresh.objectName(), "127.77.0.10");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(seen.last(fresh.id()).condition()).isEqualTo(Condition.HEALTHY);
              assertThat(seen.last(fresh.id()).facts())
                  .isEqualTo(
                      new Observation.Facts(
                          "16",
                          1,
                          1,
                          500,
                          1024,
                          10_240,
                          true,
                          new Address("127.77.0.10", 5432),
                          0,
                          1,
                          null,
                          false,
                          Set.of(),
                          new SeenServers("16.4", List.of())));
            });

    await().atMost(SOON).until(() -> delete(fresh));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(seen.last(fresh.id()))
                    .isEqualTo(Observation.absent(fresh.id(), seen.last(fresh.id()).version())));
    assertThat(seen.of(fresh.id()))
        .extracting(Observation::version)
        .isSorted()
        .last()
        .satisfies(version -> assertThat(version).isGreaterThan(applied));
  }

  @Test
  void failsFastWhileTheServerIsAwayAndThenSeesWhatItMissed(@TempDir Path folder) throws Exception {
    Instance deleted = instance("127.77.0.11");
    Instance changed = instance("127.77.0.12");
    Instance added = instance("127.77.0.13");
    apply(deleted);
    apply(changed);
    try (Relay relay = lab.relay();
        KubernetesConnection far = lab.connect(relay, folder);
        KubernetesPlatform cutOff = new KubernetesPlatform(far, settings())) {
      start(cutOff);
      await().atMost(SOON).until(() -> seen.synced > 0 && !seen.of(changed.id()).isEmpty());
      relay.cut();
      await().atMost(SOON).until(() -> !cutOff.watching());

      long began = System.nanoTime();
      assertThatThrownBy(() -> cutOff.apply(added, CREDENTIALS, Fence.none()).blockingGet())
          .isNotInstanceOf(PlatformRefusedException.class)
          .hasMessageContaining("cannot be asked");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));

      await().atMost(SOON).until(() -> delete(deleted));
      lab.healthy(changed.objectName());
      apply(added);
      relay.mend();

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(seen.last(deleted.id()).condition()).isEqualTo(Condition.ABSENT);
                assertThat(seen.last(changed.id()).condition()).isEqualTo(Condition.HEALTHY);
                assertThat(seen.last(added.id()).condition()).isEqualTo(Condition.SETTING_UP);
                assertThat(cutOff.watching()).isTrue();
              });
    }
  }

  @Test
  void hearsTheServerAlsoWhenNothingChanges() {
    start(platform);
    await().atMost(SOON).until(platform::watching);
    long began = System.nanoTime();

    await().atMost(heardWithin()).until(() -> platform.lastHeardNanos() - began > 0);

    assertThat(platform.watching()).isTrue();
  }

  private void start(KubernetesPlatform started) {
    seen.synced = -1;
    assertThat(started.start(seen).blockingAwait(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Gives leave so many times; what happens meanwhile, happens after the last. */
  static Fence lostAfter(int times, Runnable meanwhile) {
    AtomicInteger left = new AtomicInteger(times);
    return () -> {
      int now = left.getAndDecrement();
      if (now == 1) {
        meanwhile.run();
      }
      return now > 0 ? Single.just(0L) : Single.error(new LeaseLostException());
    };
  }

  private long apply(Instance database) {
    return applied(database).object();
  }

  private void apply(Instance database, Fence fence) {
    assertThat(platform.apply(database, CREDENTIALS, fence).blockingGet().object()).isPositive();
  }

  private Applied applied(Instance database) {
    return platform.apply(database, CREDENTIALS, Fence.none()).blockingGet();
  }

  private boolean delete(Instance database) {
    return platform.delete(database, Fence.none()).blockingGet();
  }

  private Secret secret(Instance database) {
    return lab.admin
        .secrets()
        .inNamespace(lab.namespace)
        .withName(LoginSecret.name(database))
        .get();
  }

  private PlatformSettings settings() {
    return new PlatformSettings(
        lab.namespace, ServiceType.LOAD_BALANCER, "mooring-postgresql", "fast", "stores");
  }

  private static Instance named(Instance one, String shortId) {
    return copy(one, shortId, one.spec());
  }

  private static Instance copy(Instance one, String shortId, InstanceSpec spec) {
    return new Instance(
        one.id(),
        shortId,
        one.tenant(),
        one.origin(),
        one.name(),
        one.handle(),
        spec,
        one.address(),
        one.owner(),
        one.database(),
        one.desired(),
        one.setup(),
        one.contents(),
        null,
        one.attributes(),
        one.createdAt(),
        one.deletedAt(),
        one.revision(),
        one.operation());
  }
}
