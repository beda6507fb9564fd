package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.core.Administered;
import mooring.core.Contents;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.LogicalDatabase;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.Role;
import mooring.core.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Roles and logical databases as objects; the test does the part of their operator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KubernetesContentsContract {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String PASSWORD = "role-Secret_1";

  private final Role role = new Role(UUID.randomUUID(), "reporting", Stage.MAKING, NOW, NOW);
  private final LogicalDatabase orders =
      new LogicalDatabase(UUID.randomUUID(), "orders", "reporting", Stage.MAKING, NOW);
  private Lab lab;
  private KubernetesConnection connection;
  private KubernetesPlatform platform;

  /** Where the API server is. */
  abstract Path kubeconfig() throws Exception;

  @BeforeAll
  void open() throws Exception {
    lab = new Lab(kubeconfig());
    connection = lab.connect();
    platform =
        new KubernetesPlatform(
            connection, PlatformSettings.of(lab.namespace, ServiceType.CLUSTER_IP));
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

  private static Instance database() {
    Instance one = Samples.instance("db-x.mooring.svc");
    return Samples.changed(one, one.spec(), one.desired(), one.setup());
  }

  /** With a role and a logical database that are to be made. */
  static Instance withRoleAndDatabase(Instance one) {
    return containing(
        one,
        Contents.NONE
            .with(new Role(UUID.randomUUID(), "reporting", Stage.MAKING, NOW, NOW))
            .with(
                new LogicalDatabase(UUID.randomUUID(), "orders", "reporting", Stage.MAKING, NOW)));
  }

  /** With an operation on these, as they are. */
  private static Instance containing(Instance one, Contents contents) {
    Operation was = one.operation();
    Operation administer =
        new Operation(
            was.id(),
            one.id(),
            OperationKind.ADMINISTER,
            was.outcome(),
            null,
            was.acceptedIn(),
            null,
            1,
            was.deadline(),
            was.startedAt(),
            null);
    return Samples.with(one.containing(contents), administer);
  }

  private Administered administer(Instance one, String password) {
    return platform.administer(one, Map.of(role.id(), password), Fence.none()).blockingGet();
  }

  private boolean takeBack(Instance one) {
    return platform.takeBack(one, Map.of(role.id(), PASSWORD), Fence.none()).blockingGet();
  }

  private Resource<GenericKubernetesResource> object(ResourceDefinitionContext kind, String name) {
    return lab.admin.genericKubernetesResources(kind).inNamespace(lab.namespace).withName(name);
  }

  private Resource<GenericKubernetesResource> roleOf(Instance one) {
    return object(ContentsObjects.ROLES, ContentsObjects.name(one, role));
  }

  private Resource<GenericKubernetesResource> databaseOf(Instance one) {
    return object(ContentsObjects.DATABASES, ContentsObjects.name(one, orders));
  }

  private Secret secretOf(Instance one) {
    return lab.admin
        .secrets()
        .inNamespace(lab.namespace)
        .withName(ContentsObjects.secretName(one, role))
        .get();
  }

  private static void status(Resource<GenericKubernetesResource> object, String fields) {
    object
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + fields + "}");
  }

  private static void finalizers(Resource<GenericKubernetesResource> object, String list) {
    object.patch(
        PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":" + list + "}}");
  }

  /** Says what the operator says of something that is as it is asked for. */
  private static void applied(Resource<GenericKubernetesResource> object, String more) {
    long generation = object.get().getMetadata().getGeneration();
    status(
        object,
        "{\"applied\":true,\"message\":null,\"observedGeneration\":" + generation + more + "}");
  }

  private String withSecret(Instance one) {
    return ",\"secretResourceVersion\":\""
        + secretOf(one).getMetadata().getResourceVersion()
        + "\"";
  }

  @Test
  void aRoleIsDoneWhenTheOperatorHasAppliedItWithItsPassword() {
    Instance one = containing(database(), Contents.NONE.with(role));
    assertThat(administer(one, PASSWORD).done()).isFalse();

    GenericKubernetesResource object = roleOf(one).get();
    assertThat(object.<Object>get("spec", "name")).isEqualTo("reporting");
    assertThat(object.<Object>get("spec", "cluster", "name")).isEqualTo(one.objectName());
    assertThat(object.<Object>get("spec", "login")).isEqualTo(true);
    assertThat(object.<Object>get("spec", "databaseRoleReclaimPolicy")).isEqualTo("delete");
    Kept.in(
        secretOf(one),
        ContentsObjects.secret(
            one, role, PASSWORD, PlatformSettings.of(lab.namespace, ServiceType.CLUSTER_IP)));
    assertThat(secretOf(one).getMetadata().getLabels()).containsEntry("cnpg.io/reload", "true");
    applied(roleOf(one), "");
    assertThat(administer(one, PASSWORD).done()).isFalse();
    applied(roleOf(one), withSecret(one));
    assertThat(administer(one, PASSWORD).done()).isTrue();

    Instance changing = one.containing(Contents.NONE.with(role.at(Stage.CHANGING)));
    assertThat(administer(changing, "another-Secret_2").done()).isFalse();
    applied(roleOf(one), withSecret(one));
    assertThat(administer(changing, "another-Secret_2").done()).isTrue();
  }

  @Test
  void aRoleThatTheServersKeepIsThereAgain() {
    Instance one = containing(database(), Contents.NONE.with(role));
    Administered unused = administer(one, PASSWORD);
    applied(roleOf(one), withSecret(one));
    finalizers(roleOf(one), "[\"cnpg.io/deleteRole\"]");
    String uid = roleOf(one).get().getMetadata().getUid();

    Instance removing = one.containing(Contents.NONE.with(role.at(Stage.REMOVING)));
    Administered asked = administer(removing, PASSWORD);
    assertThat(asked.done()).isFalse();
    assertThat(asked.refusal()).isNull();
    assertThat(roleOf(one).get().isMarkedForDeletion()).isTrue();
    status(roleOf(one), "{\"applied\":false,\"message\":\"it owns a table\"}");
    Administered refused = administer(removing, PASSWORD);
    assertThat(refused.refusal()).isEqualTo("it owns a table");
    assertThat(refused.version()).isGreaterThan(asked.version());

    await().atMost(SOON).until(() -> takeBack(removing));
    GenericKubernetesResource again = roleOf(one).get();
    assertThat(again.getMetadata().getUid()).isNotEqualTo(uid);
    assertThat(again.isMarkedForDeletion()).isFalse();
    assertThat(secretOf(one)).isNotNull();

    finalizers(roleOf(one), "[\"cnpg.io/deleteRole\"]");
    assertThat(administer(removing, PASSWORD).done()).isFalse();
    finalizers(roleOf(one), "null");
    await().atMost(SOON).until(() -> administer(removing, PASSWORD).done());
    assertThat(secretOf(one)).isNull();
  }

  @Test
  void aDatabaseIsDroppedBeforeItsObjectGoes() {
    Instance one = containing(database(), Contents.NONE.with(orders));
    assertThat(administer(one, PASSWORD).done()).isFalse();
    GenericKubernetesResource object = databaseOf(one).get();
    assertThat(object.<Object>get("spec", "name")).isEqualTo("orders");
    assertThat(object.<Object>get("spec", "owner")).isEqualTo("reporting");
    assertThat(object.<Object>get("spec", "databaseReclaimPolicy")).isEqualTo("delete");
    status(databaseOf(one), "{\"applied\":false,\"message\":\"no such role\"}");
    assertThat(administer(one, PASSWORD).refusal()).isEqualTo("no such role");
    applied(databaseOf(one), "");
    assertThat(administer(one, PASSWORD).done()).isTrue();

    Instance removing = one.containing(Contents.NONE.with(orders.at(Stage.REMOVING)));
    assertThat(administer(removing, PASSWORD).done()).isFalse();
    assertThat(databaseOf(one).get().<Object>get("spec", "ensure")).isEqualTo("absent");
    assertThat(takeBack(removing)).isTrue();
    assertThat(databaseOf(one).get().<Object>get("spec", "ensure")).isEqualTo("present");

    assertThat(administer(removing, PASSWORD).done()).isFalse();
    applied(databaseOf(one), "");
    await().atMost(SOON).until(() -> administer(removing, PASSWORD).done());
    assertThat(databaseOf(one).get()).isNull();
  }

  @Test
  void whatCouldNotBeMadeIsRemovedAgain() {
    Instance one = containing(database(), Contents.NONE.with(role).with(orders));
    Administered unused = administer(one, PASSWORD);
    assertThat(roleOf(one).get()).isNotNull();
    assertThat(databaseOf(one).get()).isNotNull();
    // What it never came to may be there by somebody else, and is not dropped.
    finalizers(databaseOf(one), "[\"cnpg.io/deleteDatabase\"]");
    await().atMost(SOON).until(() -> takeBack(one));
    assertThat(databaseOf(one).get().isMarkedForDeletion()).isTrue();
    assertThat(databaseOf(one).get().<Object>get("spec", "databaseReclaimPolicy"))
        .isEqualTo("retain");
    finalizers(databaseOf(one), "null");
    await().atMost(SOON).until(() -> roleOf(one).get() == null && databaseOf(one).get() == null);
    assertThat(secretOf(one)).isNull();
  }

  @Test
  void whatWasMadeButNotInTimeIsDroppedWithItsObject() {
    Instance one = containing(database(), Contents.NONE.with(orders));
    Administered unused = administer(one, PASSWORD);
    finalizers(databaseOf(one), "[\"cnpg.io/deleteDatabase\"]");
    applied(databaseOf(one), "");
    await().atMost(SOON).until(() -> takeBack(one));
    assertThat(databaseOf(one).get().isMarkedForDeletion()).isTrue();
    assertThat(databaseOf(one).get().<Object>get("spec", "databaseReclaimPolicy"))
        .isEqualTo("delete");
    finalizers(databaseOf(one), "null");
  }

  @Test
  void allOfThemGoWithTheDatabase() {
    Instance one = containing(database(), Contents.NONE.with(role).with(orders));
    Instance other = containing(database(), Contents.NONE.with(role).with(orders));
    for (Instance each : List.of(one, other)) {
      Administered unused = administer(each, PASSWORD);
    }
    await().atMost(SOON).until(() -> platform.delete(one, Fence.none()).blockingGet());
    assertThat(roleOf(one).get()).isNull();
    assertThat(databaseOf(one).get()).isNull();
    assertThat(secretOf(one)).isNull();
    assertThat(roleOf(other).get()).isNotNull();
    assertThat(databaseOf(other).get()).isNotNull();
    assertThat(secretOf(other)).isNotNull();
  }
}
