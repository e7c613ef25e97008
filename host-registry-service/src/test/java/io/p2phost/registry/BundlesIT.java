package io.p2phost.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Limits;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Release;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import io.p2phost.contracts.ServiceName;
import io.p2phost.registry.RegistryUnderTest.Answer;
import io.p2phost.registry.bundle.BundleFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A bundle's way from the operator to a host, over HTTP and on PostgreSQL. */
class BundlesIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static RegistryUnderTest registry;

    @BeforeAll
    static void start() {
        registry = new RegistryUnderTest(
                Map.of("p2p.registry.bundle.keep-versions", "2", "p2p.registry.bundle.max-total", "8MB"));
    }

    @AfterAll
    static void stop() {
        registry.close();
        HTTP.close();
    }

    private static Answer begin(BundleFixture fixture) {
        return begin(fixture, new String(fixture.json, StandardCharsets.UTF_8));
    }

    private static Answer begin(BundleFixture fixture, String manifest) {
        return registry.raw(
                registry.service().url(),
                "PUT",
                "/api/v1/bundles/" + fixture.version(),
                registry.adminToken(),
                manifest);
    }

    private static int bring(Sha256 name, byte[] content, String token) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(registry.service().url() + "/api/v1/bundle-chunks/" + name))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/octet-stream")
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpResponse<byte[]> get(String path, String token) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(registry.service().url() + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Answer act(BundleFixture fixture, String action) {
        return registry.call(
                "POST",
                "/api/v1/bundles/" + fixture.version() + ":" + action,
                registry.adminToken(),
                Map.of("manifestSha256", fixture.sha256().hex()));
    }

    private static void publish(BundleFixture fixture) throws IOException, InterruptedException {
        assertThat(begin(fixture).status()).isEqualTo(200);
        String token = registry.adminToken();
        for (Map.Entry<Sha256, byte[]> chunk : fixture.chunks.entrySet()) {
            assertThat(bring(chunk.getKey(), chunk.getValue(), token)).isEqualTo(204);
        }
        Answer committed = act(fixture, "commit");
        assertThat(committed.status()).as(committed.body()).isEqualTo(200);
        assertThat(committed.json().get("current").asBoolean()).isTrue();
    }

    @Test
    void aHostGetsWhatTheOperatorPublishedSignedByTheKeyOfItsEnrolment() throws Exception {
        TestHost host = new TestHost();
        String code = registry.newCode(2_300_001);
        Answer redeemed = registry.call("POST", "/api/v1/enrolments/" + code + ":redeem", null, host.redemption(code));
        host.id = redeemed.json().get("hostId").asString();
        host.token = registry.tokenFor(host);
        PublicKey pinned = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder()
                        .decode(redeemed.json().get("bundleKey").asString())));
        BundleFixture one = BundleFixture.ofLength("host-1", Chunks.BYTES + 77);
        publish(one);

        HttpResponse<byte[]> answer = get("/api/v1/bundle-release", host.token);
        Release release = SignedRelease.read(answer.body()).accepted(pinned, null);
        Manifest manifest = SignedRelease.manifest(
                release,
                get("/api/v1/bundles/" + release.version() + "/manifest", host.token)
                        .body());
        assertThat(manifest).isEqualTo(one.manifest);
        for (Sha256 name : manifest.chunks()) {
            HttpResponse<byte[]> chunk = get("/api/v1/bundle-chunks/" + name, host.token);
            assertThat(chunk.headers().firstValue("Content-Type")).contains("application/octet-stream");
            assertThat(Sha256.of(chunk.body())).isEqualTo(name);
        }

        BundleFixture two = BundleFixture.of("host-2", "two");
        publish(two);
        registry.restart();
        host.token = registry.tokenFor(host);
        Release second = SignedRelease.read(
                        get("/api/v1/bundle-release", host.token).body())
                .accepted(pinned, release);
        assertThat(second.version()).isEqualTo(two.version());

        String maps = "/internal/v1/bundle-release";
        Answer runnable = registry.call("GET", maps, registry.serviceToken(ServiceName.MAP_ASSIGNMENT), null);
        assertThat(runnable.json().get("version").asString()).isEqualTo("host-2");
        assertThat(runnable.json().get("maps").get(0).asString()).isEqualTo("prt_fild08");
        assertThat(registry.call("GET", maps, registry.serviceToken(ServiceName.RELAY), null)
                        .status())
                .isEqualTo(403);

        assertThat(act(one, "rollback").status()).isEqualTo(200);
        Release back = SignedRelease.read(
                        get("/api/v1/bundle-release", host.token).body())
                .accepted(pinned, second);
        assertThat(back.version()).isEqualTo(one.version());

        registry.call(
                "POST", "/api/v1/hosts/" + host.id + ":blacklist", registry.adminToken(), Map.of("reason", "test"));
        assertThat(get("/api/v1/bundle-release", host.token).statusCode()).isEqualTo(403);
        assertThat(get("/api/v1/bundle-chunks/" + manifest.chunks().first(), host.token)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aHostPublishesNothing() throws Exception {
        TestHost host = registry.enrolledHost(2_300_002);
        BundleFixture fixture = BundleFixture.of("evil", "evil");

        assertThat(registry.raw(
                                registry.service().url(),
                                "PUT",
                                "/api/v1/bundles/evil",
                                host.token,
                                new String(fixture.json, StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(403);
        for (Map.Entry<Sha256, byte[]> chunk : fixture.chunks.entrySet()) {
            assertThat(bring(chunk.getKey(), chunk.getValue(), host.token)).isEqualTo(403);
        }
        assertThat(registry.call("POST", "/api/v1/bundles/evil:commit", host.token, Map.of())
                        .status())
                .isEqualTo(403);
        assertThat(get("/api/v1/bundles", host.token).statusCode()).isEqualTo(403);
    }

    @Test
    void theLongestManifestOfTheFormatIsTakenAndALongerOneIsRefused() {
        BundleFixture fixture = BundleFixture.of("long-1", "the server");
        String json = new String(fixture.json, StandardCharsets.UTF_8);
        String longest = json + " ".repeat(Limits.MANIFEST_BYTES - fixture.json.length);

        assertThat(begin(fixture, longest).status()).isEqualTo(200);
        assertThat(begin(fixture, longest + " ").status()).isEqualTo(413);
    }

    @Test
    void aDamagedPieceIsRefusedAndTheVersionCannotBeReleasedWithoutIt() throws Exception {
        BundleFixture fixture = BundleFixture.of("damaged-1", "the server");
        Sha256 name = fixture.chunks.keySet().iterator().next();
        assertThat(begin(fixture).json().get("missing").size()).isPositive();

        assertThat(bring(name, "thE server".getBytes(StandardCharsets.UTF_8), registry.adminToken()))
                .isEqualTo(422);
        assertThat(act(fixture, "commit").problem()).isEqualTo("conflict");
        assertThat(begin(fixture).json().get("missing").toString()).contains(name.hex());
    }

    @Test
    void aRefusedBeginLeavesNothingBehind() {
        BundleFixture big = BundleFixture.ofLength("too-big", 9 * Chunks.BYTES);

        Answer answer = begin(big);

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("p2p.registry.bundle.max-total");
        assertThat(registry.call("GET", "/api/v1/bundles", registry.adminToken(), null)
                        .body())
                .doesNotContain("too-big");
    }

    @Test
    void namesThatAreNoneAreRefused() throws Exception {
        String token = registry.adminToken();

        assertThat(registry.call("PUT", "/api/v1/bundles/UPPER", token, Map.of())
                        .problem())
                .isEqualTo("invalid-value");
        assertThat(registry.call("PUT", "/api/v1/bundles/v1", token, Map.of()).problem())
                .isEqualTo("unprocessable");
        assertThat(get("/api/v1/bundle-chunks/xyz", token).statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/bundle-chunks/" + "0".repeat(64), token).statusCode())
                .isEqualTo(404);
        assertThat(registry.call("POST", "/api/v1/bundles/none:rollback", token, null)
                        .problem())
                .isEqualTo("not-found");
        assertThat(registry.call("POST", "/api/v1/bundles/none:commit", token, Map.of())
                        .problem())
                .isEqualTo("invalid-value");
        assertThat(registry.call("POST", "/api/v1/bundles/none:explode", token, null)
                        .problem())
                .isEqualTo("not-found");
    }
}
