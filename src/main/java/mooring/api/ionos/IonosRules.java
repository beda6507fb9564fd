package mooring.api.ionos;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.core.ChosenPassword;
import mooring.core.Names;

/** What the contract cannot say of a request's properties, gathered for one refusal. */
final class IonosRules {
  private static final Set<String> RESERVED_HERE = Set.of("admin", "standby");

  private final List<Refusal.Violation> violations = new ArrayList<>();

  /** Something is at fault. */
  void refuse(String property, String message) {
    String name = "properties." + property;
    violations.add(new Refusal.Violation(name, name + " " + message));
  }

  /** Throws when anything was at fault. */
  void requireNone() {
    if (!violations.isEmpty()) {
      throw refusal();
    }
  }

  /** Of what was at fault. */
  RefusedException refusal() {
    return new RefusedException(Refusal.of(violations));
  }

  void owner(String username) {
    user("credentials.username", username);
  }

  /** A password that not every client could log in with is nobody's. */
  void password(String property, String password) {
    if (!ChosenPassword.works(password)) {
      refuse(property, ChosenPassword.DEMAND);
    }
  }

  /** Nobody gets a name of the server's own. */
  void user(String property, String username) {
    if (Names.reservedRole(username) || RESERVED_HERE.contains(username.toLowerCase(Locale.ROOT))) {
      refuse(property, "must not be a reserved name");
    }
  }

  void connections(JsonArray asked) {
    if (!asked.isEmpty() && IonosCidr.parse(asked.getJsonObject(0).getString("cidr")).reserved()) {
      refuse("connections[0].cidr", "must not overlap " + String.join(", ", IonosCidr.RESERVED));
    }
  }
}
