package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import generated.exoscale.ApiClient;
import generated.exoscale.ApiException;
import generated.exoscale.api.CatalogueApi;
import generated.exoscale.api.DatabasesApi;
import generated.exoscale.api.OperationsApi;
import generated.exoscale.api.PoolsApi;
import generated.exoscale.api.ServicesApi;
import generated.exoscale.api.UsersApi;
import generated.exoscale.model.Operation;
import generated.exoscale.model.Operation.StateEnum;
import generated.exoscale.model.Service;
import generated.exoscale.model.ServiceUriParams;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Flow;
import mooring.api.exoscale.Signing;

/** A client that the OpenAPI generator has made of the contract, with a hook that signs. */
final class ExoscaleClient {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);

  final CatalogueApi catalogue;
  final ServicesApi services;
  final UsersApi users;
  final DatabasesApi databases;
  final PoolsApi pools;
  final OperationsApi operations;

  private ExoscaleClient(ApiClient client) {
    catalogue = new CatalogueApi(client);
    services = new ServicesApi(client);
    users = new UsersApi(client);
    databases = new DatabasesApi(client);
    pools = new PoolsApi(client);
    operations = new OperationsApi(client);
  }

  static ExoscaleClient unsigned(String endpoint) {
    return new ExoscaleClient(at(endpoint));
  }

  static ExoscaleClient signed(String endpoint, String key, String secret) {
    Signing signing = Signing.with(key, secret);
    return new ExoscaleClient(
        at(endpoint).setRequestInterceptor(request -> sign(request, signing)));
  }

  /** As a tenant's clients read it from their environment. */
  static ExoscaleClient of(String endpoint, Map<String, String> exports) {
    return signed(endpoint, exports.get("EXOSCALE_API_KEY"), exports.get("EXOSCALE_API_SECRET"));
  }

  private static ApiClient at(String endpoint) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(endpoint);
    return client;
  }

  private static void sign(HttpRequest.Builder request, Signing signing) {
    HttpRequest asked = request.copy().build();
    request.header("Authorization", signing.sign(asked.method(), asked.uri(), body(asked)));
  }

  private static String body(HttpRequest request) {
    Collector all = new Collector();
    request.bodyPublisher().ifPresent(publisher -> publisher.subscribe(all));
    return all.bytes.toString(StandardCharsets.UTF_8);
  }

  /** Waits until what an operation stands for is real. */
  void done(Operation asked) {
    Operation ended =
        await("operation " + asked.getId())
            .atMost(LIMIT)
            .pollInterval(POLL)
            .until(
                () -> operations.getOperation(asked.getId().toString(), null),
                now -> now.getState() != StateEnum.PENDING);
    assertThat(ended.getState()).as(ended.toString()).isEqualTo(StateEnum.SUCCESS);
    assertThat(ended.getReason()).isNull();
  }

  Service get(String name) throws ApiException {
    return services.getDbaasServicePg(name, null);
  }

  /** Of a user whose password it reveals, to a database. */
  Login login(String name, String user, String database) throws ApiException {
    ServiceUriParams params = get(name).getUriParams();
    String password = users.revealDbaasPostgresUserPassword(name, user).getPassword();
    return new Login(
        params.getHost(), Integer.parseInt(params.getPort()), user, password, database);
  }

  /** That a call is refused, for a reason that the client can read. */
  static void refused(int status, String message, Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.getCode()).as(refused.getResponseBody()).isEqualTo(status);
              assertThat(new JsonObject(refused.getResponseBody()).getString("message"))
                  .contains(message);
            });
  }

  /** Something that is asked of the server. */
  interface Call {
    Object run() throws ApiException;
  }

  /** Reads a body before it is sent. */
  private static final class Collector implements Flow.Subscriber<ByteBuffer> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer part) {
      byte[] read = new byte[part.remaining()];
      part.get(read);
      bytes.writeBytes(read);
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {}
  }
}
