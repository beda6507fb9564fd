package mooring.local.operator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import mooring.local.operator.DatabasePlan.RolePassword;
import mooring.local.operator.RoleOutcome.Applied;
import mooring.local.postgres.PostgresException;

/** Makes the roles of a server what its Cluster describes; what is so already is not touched. */
final class RoleKeeper {

  /** Opens a session only when there is something to do. */
  RoleOutcome keep(DatabasePlan plan, RoleOutcome before, Supplier<Administration> sessions) {
    Map<String, Applied> applied = new HashMap<>();
    List<Applied> wanted = new ArrayList<>();
    for (ManagedRole role : roles(plan.spec())) {
      RolePassword password = password(plan, role);
      if (role.isReserved() || (password == null && !role.secretName().isEmpty())) {
        continue; // the Secret's arrival will be told
      }
      Applied done = before.applied().get(role.name());
      String version = password == null ? "" : password.secretVersion();
      if (done != null && done.role().equals(role) && done.secretVersion().equals(version)) {
        applied.put(role.name(), done);
      } else {
        wanted.add(new Applied(role, version, 0));
      }
    }
    Map<String, String> failures = new HashMap<>();
    if (!wanted.isEmpty()) {
      try (Administration session = sessions.get()) {
        for (Applied next : wanted) {
          try {
            applied.put(next.role().name(), apply(session, next, password(plan, next.role())));
          } catch (PostgresException e) {
            failures.put(next.role().name(), e.getMessage());
          }
        }
      }
    }
    return new RoleOutcome(applied, failures);
  }

  private static Applied apply(Administration session, Applied next, RolePassword password) {
    ManagedRole role = next.role();
    if (!role.present()) {
      session.dropRole(role.name());
      return next;
    }
    session.keepRole(role.name(), role.attributes(), password == null ? null : password.password());
    return new Applied(role, next.secretVersion(), session.roleTransaction(role.name()).orElse(0));
  }

  /** The owner of the application's database is one of them, described or not. */
  private static List<ManagedRole> roles(ClusterSpec spec) {
    List<ManagedRole> roles = new ArrayList<>();
    boolean described = false;
    for (ManagedRole role : spec.roles()) {
      boolean owner = role.name().equals(spec.owner());
      described |= owner;
      roles.add(
          owner && role.secretName().isEmpty()
              ? new ManagedRole(role.name(), role.present(), role.attributes(), spec.secretName())
              : role);
    }
    if (!described) {
      roles.add(new ManagedRole(spec.owner(), true, "", spec.secretName()));
    }
    return roles;
  }

  private static RolePassword password(DatabasePlan plan, ManagedRole role) {
    RolePassword own = plan.passwords().get(role.secretName());
    return own == null && role.secretName().equals(plan.spec().secretName())
        ? new RolePassword(plan.secretVersion(), plan.password())
        : own;
  }
}
