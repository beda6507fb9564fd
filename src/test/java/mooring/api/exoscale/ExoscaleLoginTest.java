package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import mooring.api.ContractClient;
import mooring.core.AccessKey;
import mooring.core.Secrets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in. */
class ExoscaleLoginTest extends ExoscaleTestBase {
  @Test
  void aSignedRequestIsLetInUnderBothPrefixes() {
    assertThat(client.get("/v2/dbaas-service").status()).isEqualTo(200);
    assertThat(client.get("/dbaas-service").status()).isEqualTo(200);
    // What a client does not sign is let in unsigned.
    assertThat(client.get("/v2/dbaas-service?zone=de-fra-1").status()).isEqualTo(200);
  }

  @Test
  void aPathIsSignedAsItIsSent() {
    assertThat(client.get("/v2/dbaas-postgres/%6fne").status()).isEqualTo(404);
    ContractClient decoding =
        client.signed(
            (method, target, body) ->
                Signing.with(key.name(), key.secret())
                    .sign(method, URI.create("http://x" + target.getPath()), body));
    refused(decoding.get("/v2/dbaas-postgres/%6fne"), 403, "signature is not valid");
  }

  @Test
  void aProxySaysWhatItHasTakenFromThePath() {
    ContractClient behind = client.signed(new Signing(key.name(), key.secret(), "/cloud", 600));
    refused(behind.get(SERVICES), 403, "signature is not valid");
    assertThat(behind.get(SERVICES, "X-Forwarded-Prefix", "/cloud").status()).isEqualTo(200);
  }

  @Test
  void withoutASignatureNobodyIsLetIn() {
    assertThat(stranger.get(SERVICES).status()).isEqualTo(401);
    assertThat(stranger.get(SERVICES).header("www-authenticate")).isEqualTo("EXO2-HMAC-SHA256");
    refused(stranger.as("dkc_live_x").get(SERVICES), 403, "signature is not valid");
  }

  @ParameterizedTest
  @ValueSource(longs = {-120, 1200})
  void aSignatureHoldsForAWhile(long seconds) {
    ContractClient other = client.signed(new Signing(key.name(), key.secret(), "", seconds));
    refused(other.get(SERVICES), 403, "expire");
  }

  @Test
  void aSignatureForTheMomentItselfCounts() {
    ContractClient now = client.signed(new Signing(key.name(), key.secret(), "", 0));
    assertThat(now.get(SERVICES).status()).isEqualTo(200);
  }

  @Test
  void anotherSecretOrNoSuchKeyIsRefusedAlike() {
    ContractClient wrong = client.signed(Signing.with(key.name(), "wrong"));
    ContractClient unknown = client.signed(Signing.with("EXO0", key.secret()));
    refused(wrong.get(SERVICES), 403, "signature is not valid");
    assertThat(unknown.get(SERVICES).body()).isEqualTo(wrong.get(SERVICES).body());
  }

  @Test
  void aRevokedKeyIsRefusedWithinASecond() {
    AccessKey next =
        server
            .store
            .accessKeys()
            .replace(tenant, Secrets.accessKey("EXO"), Secrets.token(""))
            .blockingGet();
    Awaitility.await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> client.get(SERVICES).status() == 403);
    assertThat(signed(next).get(SERVICES).status()).isEqualTo(200);
  }

  @Test
  void aMethodThatDoesNotExistIsSaidToBeNone() {
    assertThat(client.put("/v2/dbaas-service", new JsonObject()).status()).isEqualTo(405);
    assertThat(client.get("/v2/nothing").status()).isEqualTo(404);
  }
}
