package io.p2phost.agent.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.agent.FakeGateway;
import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.session.TokenKeeper;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Sha256;
import io.p2phost.contracts.HostId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayBundlesTest {
    private static final byte[] PIECE = "a piece".getBytes(StandardCharsets.UTF_8);
    private static final Sha256 NAME = Sha256.of(PIECE);

    private final FakeGateway gateway = new FakeGateway();
    private final GatewayClient client = new GatewayClient(gateway.uri(), Time.system());
    private final List<Duration> paused = new ArrayList<>();
    private GatewayBundles bundles;

    @BeforeEach
    void host(@TempDir Path dir) {
        AgentHome home = new AgentHome(dir);
        home.create();
        bundles = new GatewayBundles(
                client,
                new TokenKeeper(client, HostId.of(FakeGateway.HOST), home.createOrReadKey(), Time.system()),
                paused::add);
    }

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    private void busy(int times) {
        for (int i = 0; i < times; i++) {
            gateway.answer(
                    "GET " + NAME,
                    i % 2 == 0 ? 429 : 503,
                    FakeGateway.problem("too-many-requests", 429, "busy"),
                    Map.of("Retry-After", i == 0 ? "3600" : "2"));
        }
    }

    @Test
    void whatTheHostAsksForItAsksInItsOwnName() throws IOException {
        gateway.answer("GET bundle-release", 200, "release");
        gateway.answer("GET manifest", 200, "manifest");
        gateway.answer("GET " + NAME, 200, "a piece");

        assertThat(bundles.release()).asString().isEqualTo("release");
        assertThat(bundles.manifest(new BundleVersion("2026-11-23.1")))
                .asString()
                .isEqualTo("manifest");
        assertThat(bundles.chunk(NAME)).isEqualTo(PIECE);

        assertThat(gateway.calls("POST token")).hasSize(1);
        assertThat(gateway.calls)
                .filteredOn(call -> call.name().startsWith("GET"))
                .allSatisfy(call -> assertThat(call.authorization()).isEqualTo("Bearer token-1"));
        assertThat(gateway.calls("GET manifest").getFirst().path()).isEqualTo("/api/v1/bundles/2026-11-23.1/manifest");
        assertThat(gateway.calls("GET " + NAME).getFirst().path()).isEqualTo("/api/v1/bundle-chunks/" + NAME);
    }

    @Test
    void aBusyGatewaysWordToWaitIsObeyedWithinBounds() throws IOException {
        busy(3);
        gateway.answer("GET " + NAME, 200, "a piece");

        assertThat(bundles.chunk(NAME)).isEqualTo(PIECE);

        assertThat(paused).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(2));
        busy(10);
        assertThatThrownBy(() -> bundles.chunk(NAME))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("busy");
    }

    @Test
    void aTokenThatIsNotTakenAnyMoreIsFetchedAnewOnce() throws IOException {
        gateway.answer("GET " + NAME, 401, FakeGateway.problem("unauthenticated", 401, "keys changed"));
        gateway.answer("GET " + NAME, 200, "a piece");
        assertThat(bundles.chunk(NAME)).isEqualTo(PIECE);
        assertThat(gateway.calls("POST token")).hasSize(2);

        gateway.answer("GET " + NAME, 401, FakeGateway.problem("unauthenticated", 401, "no"));
        gateway.answer("GET " + NAME, 401, FakeGateway.problem("unauthenticated", 401, "no"));
        assertThatThrownBy(() -> bundles.chunk(NAME)).isInstanceOf(IOException.class);
        assertThat(paused).isEmpty();
    }

    @Test
    void moreThanAPieceCanHaveIsNotReadToItsEnd() {
        gateway.answer("GET " + NAME, 200, "x".repeat(1024 * 1024 + 1));
        assertThatThrownBy(() -> bundles.chunk(NAME)).isInstanceOf(IOException.class);
        gateway.answer("GET bundle-release", 200, "x".repeat(5000));
        assertThatThrownBy(bundles::release).isInstanceOf(IOException.class);
    }

    @Test
    void anAbsentGatewayIsAFaultThatMayPass() {
        gateway.close();
        assertThatThrownBy(bundles::release).isInstanceOf(IOException.class).hasMessageContaining("cannot be reached");
    }
}
