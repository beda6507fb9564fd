package mooring.api.uncloud;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooring.api.BearerAuthenticator;
import mooring.api.Call;
import mooring.api.PublicIds;
import mooring.api.PublishedApi;
import mooring.api.Reply;
import mooring.core.Created;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Token;
import mooring.core.Tokens;
import mooring.status.MissLookup;
import mooring.status.StatusCache;
import mooring.status.TokenDirectory;

/** The operations of the Uncloud databases API. */
public final class UncloudApi {
  /** What its contract is called. */
  public static final String NAME = "uncloud";

  private static final String DATABASES = "/api/v1/databases/";
  private static final String TOKEN_PREFIX = "dkc_live_";

  private final Instances instances;
  private final Tokens tokens;
  private final UncloudPolls polls;
  private final UncloudMapper mapper;
  private final UncloudRequests requests;

  private UncloudApi(
      StatusCache cache,
      MissLookup misses,
      Instances instances,
      Tokens tokens,
      Offer offer,
      List<Place> places) {
    this.instances = instances;
    this.tokens = tokens;
    this.mapper = new UncloudMapper(places);
    this.requests = new UncloudRequests(offer, places);
    this.polls = new UncloudPolls(cache, misses, mapper);
  }

  /** The API as the server binds it. */
  public static PublishedApi published(
      StatusCache cache,
      TokenDirectory directory,
      MissLookup misses,
      Instances instances,
      Tokens tokens,
      Offer offer,
      List<Place> places) {
    UncloudApi api = new UncloudApi(cache, misses, instances, tokens, offer, places);
    return new PublishedApi(
        NAME,
        new BearerAuthenticator(directory),
        new UncloudErrors(),
        Map.of("listDatabases", api.polls.list(), "getDatabase", api.polls.get()),
        Map.of(
            "createDatabase", api::createDatabase,
            "deleteDatabase", api::deleteDatabase,
            "getDatabaseCredentials", api::getDatabaseCredentials,
            "createApiToken", api::createApiToken,
            "listApiTokens", api::listApiTokens,
            "deleteApiToken", api::deleteApiToken));
  }

  private Single<Reply> createDatabase(Call call) {
    return instances
        .create(call.caller(), requests.database(call.body()))
        .map(Created::instance)
        .map(
            instance ->
                Reply.created(
                    mapper.database(instance, Lifecycle.status(instance, nothingSeen(instance))),
                    DATABASES + UncloudMapper.id(instance)));
  }

  private Single<Reply> deleteDatabase(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMapCompletable(instance -> instances.delete(call.caller(), instance.shortId()))
        .andThen(Single.fromSupplier(Reply::noContent));
  }

  private Single<Reply> getDatabaseCredentials(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            instance ->
                instances
                    .credentials(instance)
                    .map(found -> Reply.secret(200, UncloudCredentials.write(instance, found))));
  }

  private Single<Reply> createApiToken(Call call) {
    String name = requests.name(call.body());
    Set<String> scopes = requests.scopes(call.body());
    return tokens
        .create(call.caller(), TOKEN_PREFIX, name, scopes, null)
        .map(
            issued ->
                Reply.secret(
                    201, UncloudMapper.issued(issued.token(), issued.secret()).toBuffer()));
  }

  private Single<Reply> listApiTokens(Call call) {
    return tokens.list(call.caller()).map(UncloudApi::tokenList);
  }

  private Single<Reply> deleteApiToken(Call call) {
    String shortId = PublicIds.shortId(UncloudIds.TOKEN, call.id());
    Completable revoked =
        shortId == null
            ? Completable.error(new ProblemException(new Problem.NotFound("api token not found")))
            : tokens.revoke(call.caller(), shortId);
    return revoked.andThen(Single.fromSupplier(Reply::noContent));
  }

  private static Reply tokenList(List<Token> tokens) {
    JsonArray list = new JsonArray();
    tokens.forEach(token -> list.add(UncloudMapper.token(token)));
    return Reply.ok(list.toBuffer());
  }

  private static Observation nothingSeen(Instance instance) {
    return Observation.absent(instance.id(), 0);
  }
}
