package io.p2phost.agent.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.Time;
import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundlePath;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.MapScripts;
import io.p2phost.bundles.Release;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleKeeperTest {
    private static final Duration SOON = Duration.ofMillis(20);

    @TempDir
    Path dir;

    private final KeyPair key = pair();
    private final Published source = new Published();

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a registry would give; the newest release counts. */
    private static final class Published implements BundleSource {
        private final Map<Sha256, byte[]> chunks = new ConcurrentHashMap<>();
        private final Map<BundleVersion, byte[]> manifests = new ConcurrentHashMap<>();
        private final AtomicInteger asked = new AtomicInteger();
        private volatile byte[] release = new byte[0];

        @Override
        public byte[] release() throws IOException {
            asked.incrementAndGet();
            if (release.length == 0) {
                throw new IOException("no bundle was released yet");
            }
            return release;
        }

        @Override
        public byte[] manifest(BundleVersion version) {
            return manifests.get(version);
        }

        @Override
        public byte[] chunk(Sha256 chunk) {
            return chunks.get(chunk);
        }
    }

    private void publish(String version, long sequence, KeyPair signedBy) {
        byte[] server = ("#!/bin/sh\n# " + version).getBytes(StandardCharsets.UTF_8);
        Sha256 name = Sha256.of(server);
        source.chunks.put(name, server);
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                new BundleVersion(version),
                20_200_401,
                new BundlePath("map-server"),
                new TreeMap<>(Map.of(MapName.of("field" + version), new MapScripts(List.of()))),
                List.of(new BundleFile(new BundlePath("map-server"), server.length, name, true, List.of(name))));
        source.manifests.put(manifest.version(), manifest.bytes());
        source.release = SignedRelease.sign(
                        new Release(manifest.version(), sequence, Instant.EPOCH, Sha256.of(manifest.bytes())),
                        signedBy.getPrivate())
                .bytes();
    }

    private BundleKeeper open(Duration every) {
        return BundleKeeper.open(new BundleStore(dir, key.getPublic(), source, Long.MAX_VALUE, Time.system()), every);
    }

    @Test
    void aFirstStartFetchesAndALaterOneNeedsNobody() throws IOException {
        publish("1", 1, key);
        try (BundleKeeper keeper = open(Duration.ofHours(1))) {
            assertThat(keeper.bundle().version()).isEqualTo("1");
        }
        source.release = new byte[0];
        try (BundleKeeper keeper = open(Duration.ofHours(1))) {
            assertThat(keeper.bundle().maps()).containsOnlyKeys(MapName.of("field1"));
            assertThat(keeper.verified().directory())
                    .isEqualTo(dir.resolve("versions/1").toRealPath());
        }
    }

    @Test
    void withoutAnyBundleTheAgentSaysSoAndEnds() {
        assertThatThrownBy(() -> open(SOON))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("no bundle was released yet");
        publish("1", 1, pair());
        assertThatThrownBy(() -> open(SOON))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("not signed by the key this host was enrolled with");
    }

    @Test
    void aReleaseWhileMapsRunIsForTheNextStartAndLeavesTheFilesOfTheRunningOnes() throws IOException {
        publish("1", 1, key);
        try (BundleKeeper keeper = open(SOON)) {
            Path running = keeper.verified().directory().resolve("map-server");
            publish("2", 2, key);
            await().until(() -> keeper.bundle().version().equals("2"));
            assertThat(keeper.verified().version()).isEqualTo("2");
            assertThat(running).hasContent("#!/bin/sh\n# 1");
        }
    }

    @Test
    void aForgedOrOlderReleaseChangesNothing() throws IOException {
        publish("2", 2, key);
        try (BundleKeeper keeper = open(SOON)) {
            publish("3", 3, pair());
            awaitQuestions(3);
            publish("1", 1, key);
            awaitQuestions(3);
            assertThat(keeper.bundle().version()).isEqualTo("2");
            assertThat(keeper.verified().version()).isEqualTo("2");
        }
    }

    private void awaitQuestions(int more) {
        int before = source.asked.get();
        await().until(() -> source.asked.get() >= before + more);
    }

    @Test
    void aFileChangedWhileMapsRunStartsNothingUntilItIsPutRight() throws IOException {
        publish("1", 1, key);
        open(Duration.ofHours(1)).close();
        Path server = dir.resolve("versions/1/map-server");
        byte[] release = source.release;
        // Away, so that nothing is put right before it was looked at.
        source.release = new byte[0];
        try (BundleKeeper keeper = open(Duration.ofHours(1))) {
            Files.writeString(server, "#!/bin/sh\nrm -rf ~\n");
            assertThatThrownBy(keeper::verified).isInstanceOf(IOException.class).hasMessageContaining("map-server");
        }
        source.release = release;
        try (BundleKeeper keeper = open(Duration.ofHours(1))) {
            assertThat(keeper.verified().version()).isEqualTo("1");
            assertThat(server).hasContent("#!/bin/sh\n# 1");
        }
    }
}
