package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mooring.local.kubernetes.ManagedFields.Manager;
import mooring.local.kubernetes.StatusException.Cause;

/**
 * Field ownership as in server-side apply: who writes a field owns it, an apply that would change
 * another's field is a conflict, and what a manager no longer applies goes away unless somebody
 * else owns it.
 */
final class FieldOwnership {
  private static final Manager BEFORE_FIRST_APPLY = new Manager("before-first-apply", false, "");

  private static final List<String> SERVER_OWNED =
      List.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "generation",
          "managedFields",
          "resourceVersion");

  private final ResourceType type;
  private final TypedMerge typed;

  FieldOwnership(ResourceType type) {
    this.type = type;
    this.typed = new TypedMerge(new Structure(type));
  }

  /** Records an update: {@code written} gets the managed fields that result. */
  void update(ObjectNode stored, ObjectNode written, String managerName) {
    ManagedFields managed = ManagedFields.ofWrite(stored, written);
    boolean created = Meta.uid(stored).isEmpty();
    ManagedFields.strip(written);
    if (created || !managed.isEmpty()) {
      track(
          managed, bare(stored), bare(written), new Manager(managerName, false, type.apiVersion()));
    }
    managed.writeTo(written);
  }

  private void track(ManagedFields managed, ObjectNode before, ObjectNode after, Manager manager) {
    Comparison difference = Comparison.of(type, before, after);
    FieldSet touched = difference.changed().union(difference.removed());
    managed.take(manager, touched);
    FieldSet own = managed.fields(manager).minus(difference.removed());
    managed.set(manager, own.union(difference.changed()));
  }

  /**
   * Lays a configuration over the stored object.
   *
   * @return the object that results, managed fields included
   * @throws StatusException 409 when it would change what others own, unless {@code force}
   */
  ObjectNode apply(ObjectNode stored, ObjectNode config, String managerName, boolean force) {
    ManagedFields managed = ManagedFields.of(stored);
    ObjectNode live = stored.deepCopy();
    ManagedFields.strip(live);
    if (managed.isEmpty() && !Meta.uid(stored).isEmpty()) {
      track(
          managed,
          Json.object(),
          bare(live),
          new Manager(BEFORE_FIRST_APPLY.name(), false, type.apiVersion()));
    }
    Manager manager = new Manager(managerName, true, type.apiVersion());
    FieldSet before = managed.fields(manager);
    // In an apply, null says nothing.
    ObjectNode named = (ObjectNode) Patches.merge(Json.object(), config);
    FieldSet wanted = typed.fields(bare(named));
    ObjectNode result = typed.merge(live, named);
    managed.set(manager, wanted);
    FieldSet owned = managed.all();
    typed.remove(result, before.minus(owned), owned);
    Comparison difference = Comparison.of(type, bare(live), bare(result));
    Map<Manager, FieldSet> conflicts = managed.overlaps(manager, difference.changed());
    if (!force && !conflicts.isEmpty()) {
      throw conflict(conflicts);
    }
    managed.take(manager, difference.changed().union(difference.removed()));
    if (!difference.changed().isEmpty() || !difference.removed().isEmpty()) {
      managed.touch(manager);
    }
    managed.writeTo(result);
    return result;
  }

  /** The object without what no client owns. */
  private static ObjectNode bare(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove(List.of("apiVersion", "kind"));
    Meta.of(copy).remove(SERVER_OWNED);
    if (copy.path("metadata").isEmpty()) {
      copy.remove("metadata");
    }
    return copy;
  }

  private static StatusException conflict(Map<Manager, FieldSet> conflicts) {
    List<Cause> causes = new ArrayList<>();
    Map<String, List<String>> byManager = new TreeMap<>();
    conflicts.forEach(
        (manager, fields) -> {
          byManager.put(manager.readable(), fields.paths());
          for (String path : fields.paths()) {
            String message = "conflict with " + manager.readable();
            causes.add(new Cause("FieldManagerConflict", message, path));
          }
        });
    return StatusException.applyConflict(causes, message(causes, byManager));
  }

  private static String message(List<Cause> causes, Map<String, List<String>> byManager) {
    if (causes.size() == 1) {
      Cause only = causes.get(0);
      return "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
    }
    List<String> lines = new ArrayList<>();
    byManager.forEach(
        (manager, paths) -> {
          lines.add("conflicts with " + manager + ":");
          paths.forEach(path -> lines.add("- " + path));
        });
    return "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
  }
}
