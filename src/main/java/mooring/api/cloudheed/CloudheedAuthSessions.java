package mooring.api.cloudheed;

import static io.netty.handler.codec.http.HttpHeaderNames.WWW_AUTHENTICATE;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import mooring.api.Call;
import mooring.api.Fault;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.api.Reply;
import mooring.core.Account;
import mooring.core.Accounts;
import mooring.core.Session;
import mooring.status.LoginTokens;

/** Logging in with a password, and going on without it. */
final class CloudheedAuthSessions {
  private final Accounts accounts;
  private final LoginTokens logins;

  CloudheedAuthSessions(Accounts accounts, LoginTokens logins) {
    this.accounts = accounts;
    this.logins = logins;
  }

  /** No account has a second factor, so there is no code that could be wrong. */
  Single<Reply> login(Call call) {
    String email = call.body().getString("email");
    String password = call.body().getString("password");
    return known(accounts.login(email, password), "the email address or the password is wrong")
        .map(
            session ->
                Reply.secret(200, tokens(session).put("user", user(session.account())).toBuffer()));
  }

  Single<Reply> refresh(Call call) {
    String refreshToken = call.body().getString("refresh_token");
    return known(accounts.refresh(refreshToken), "the refresh token is not valid")
        .map(session -> Reply.secret(200, tokens(session).toBuffer()));
  }

  Single<Reply> user(Call call) {
    return accounts.of(call.caller()).map(account -> Reply.ok(user(account).toBuffer()));
  }

  private JsonObject tokens(Session session) {
    return new JsonObject()
        .put("token", logins.issue(session.account()))
        .put("refresh_token", session.refreshToken());
  }

  private static JsonObject user(Account account) {
    return new JsonObject()
        .put("id", account.id().toString())
        .put("email", account.email())
        .put("name", account.name())
        .put("created_at", CloudheedAuthKeys.time(account.createdAt()));
  }

  private static Single<Session> known(Maybe<Session> session, String otherwise) {
    return session.switchIfEmpty(
        Single.error(
            () ->
                new RefusedException(
                    new Refusal(Fault.UNAUTHENTICATED, otherwise, WWW_AUTHENTICATE, "Bearer"))));
  }
}
