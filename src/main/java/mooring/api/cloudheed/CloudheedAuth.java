package mooring.api.cloudheed;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import mooring.api.Command;
import mooring.core.Accounts;
import mooring.core.Tokens;
import mooring.status.LoginTokens;

/** The operations under {@code /v1/auth}: sessions of accounts, and API keys. */
public final class CloudheedAuth {
  private final CloudheedAuthSessions sessions;
  private final CloudheedAuthKeys keys;

  public CloudheedAuth(Accounts accounts, LoginTokens logins, Tokens tokens, Clock clock) {
    this.sessions = new CloudheedAuthSessions(accounts, logins);
    this.keys = new CloudheedAuthKeys(tokens, clock);
  }

  /** What stands behind the operationIds. */
  public Map<String, Command> commands() {
    Map<String, Command> commands = new HashMap<>();
    commands.put("login", sessions::login);
    commands.put("refreshLogin", sessions::refresh);
    commands.put("getUser", sessions::user);
    commands.put("createApiKey", keys::create);
    commands.put("listApiKeys", keys::list);
    commands.put("getApiKey", keys::get);
    commands.put("deleteApiKey", keys::delete);
    commands.put("rotateApiKey", keys::rotate);
    return commands;
  }
}
