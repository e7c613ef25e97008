package io.p2phost.agent.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.agent.MutableTime;
import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundlePath;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Chunks;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleStoreTest {
    private static final KeyPair KEY = pair();
    private static final int MIB = Chunks.BYTES;

    /** Writes to it fail as they do on a full disk, for any user. */
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path dir;

    private final Source source = new Source();
    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong waited = new AtomicLong();

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A registry that can fail, lie and be counted. */
    private static final class Source implements BundleSource {
        private final Map<Sha256, byte[]> chunks = new HashMap<>();
        private final Map<BundleVersion, byte[]> manifests = new HashMap<>();
        private final List<Sha256> fetched = new CopyOnWriteArrayList<>();
        private final AtomicInteger chunksLeft = new AtomicInteger(Integer.MAX_VALUE);
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private byte[] release = new byte[0];

        @Override
        public byte[] release() {
            return release;
        }

        @Override
        public byte[] manifest(BundleVersion version) {
            return manifests.get(version);
        }

        @Override
        public byte[] chunk(Sha256 chunk) throws IOException {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                if (chunksLeft.getAndDecrement() <= 0) {
                    throw new IOException("connection reset");
                }
                fetched.add(chunk);
                return chunks.get(chunk);
            } finally {
                atOnce.decrementAndGet();
            }
        }
    }

    private BundleStore store() {
        return store(KEY, Long.MAX_VALUE);
    }

    private BundleStore store(KeyPair key, long bytesPerSecond) {
        return new BundleStore(
                dir,
                key.getPublic(),
                source,
                new BundleStore.Surroundings(
                        bytesPerSecond, new MutableTime(), waited::addAndGet, folder -> free.get()));
    }

    private Manifest publish(String version, byte[] server) throws IOException {
        Map<String, byte[]> contents = Map.of(
                "map-server",
                server,
                "npc/a.txt",
                "a".getBytes(StandardCharsets.UTF_8),
                "conf/empty.conf",
                new byte[0]);
        List<BundleFile> files = new ArrayList<>();
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            byte[] bytes = content.getValue();
            List<Sha256> chunks = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += MIB) {
                byte[] chunk = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + MIB));
                source.chunks.put(Sha256.of(chunk), chunk);
                chunks.add(Sha256.of(chunk));
            }
            files.add(new BundleFile(
                    new BundlePath(content.getKey()),
                    bytes.length,
                    Sha256.of(bytes),
                    content.getKey().equals("map-server"),
                    chunks));
        }
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                new BundleVersion(version),
                20200401,
                new BundlePath("map-server"),
                new TreeMap<>(Map.of(new MapName("field"), new MapScripts(List.of(new BundlePath("npc/a.txt"))))),
                files);
        source.manifests.put(manifest.version(), manifest.bytes());
        return manifest;
    }

    private void release(Manifest manifest, long sequence) {
        source.release = SignedRelease.sign(
                        new Release(manifest.version(), sequence, Instant.EPOCH, Sha256.of(manifest.bytes())),
                        KEY.getPrivate())
                .bytes();
    }

    private static byte[] server(int chunks) {
        byte[] server = new byte[chunks * MIB];
        for (int i = 0; i < chunks; i++) {
            Arrays.fill(server, i * MIB, (i + 1) * MIB, (byte) (i + 1));
        }
        return server;
    }

    private List<String> versions() throws IOException {
        try (java.util.stream.Stream<Path> all = Files.list(dir.resolve("versions"))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aReleaseIsFetchedCheckedAndCurrent() throws IOException {
        release(publish("1", server(3)), 1);
        assertThatThrownBy(() -> store().current()).hasMessage("bundle: none is here yet");
        assertThat(store().update()).isTrue();
        Path current = store().current();
        assertThat(current).isEqualTo(dir.resolve("versions/1"));
        assertThat(current.resolve("map-server")).hasBinaryContent(server(3)).isExecutable();
        assertThat(dir.resolve("chunks")).doesNotExist();
        assertThat(store().update()).isFalse();
        assertThat(source.fetched).hasSize(4);
    }

    @Test
    void onlyWhatChangedIsFetchedAndTheVersionBeforeTheLastIsRemoved() throws IOException {
        release(publish("1", server(3)), 1);
        store().update();
        byte[] changed = server(3);
        changed[MIB + 5] = 99;
        source.fetched.clear();
        release(publish("2", changed), 2);
        assertThat(store().update()).isTrue();
        assertThat(source.fetched).hasSize(1);
        assertThat(store().current().resolve("map-server")).hasBinaryContent(changed);
        assertThat(versions()).containsExactly("1", "2");
        release(publish("3", server(1)), 3);
        store().update();
        assertThat(versions()).containsExactly("2", "3");
    }

    @Test
    void aBrokenDownloadGoesOnWhereItEnded() throws IOException {
        release(publish("1", server(12)), 1);
        source.chunksLeft.set(5);
        assertThatThrownBy(() -> store().update())
                .isInstanceOf(IOException.class)
                .hasMessage("connection reset");
        assertThatThrownBy(() -> store().current()).isInstanceOf(BundleException.class);
        source.chunksLeft.set(Integer.MAX_VALUE);
        assertThat(store().update()).isTrue();
        assertThat(source.fetched).hasSize(13).doesNotHaveDuplicates();
        assertThat(source.mostAtOnce.get()).isBetween(1, Download.AT_ONCE);
    }

    @Test
    void aDamagedChunkIsAskedForThreeTimesAndNeverKept() throws IOException {
        Manifest manifest = publish("1", server(2));
        release(manifest, 1);
        Sha256 chunk = manifest.file(new BundlePath("map-server"))
                .orElseThrow()
                .chunks()
                .getFirst();
        byte[] good = source.chunks.put(chunk, new byte[7]);
        assertThatThrownBy(() -> store().update())
                .isInstanceOf(IOException.class)
                .hasMessage("chunk " + chunk + ": came damaged 3 times");
        assertThat(source.fetched.stream().filter(chunk::equals)).hasSize(3);
        source.chunks.put(chunk, good);
        assertThat(store().update()).isTrue();
    }

    @Test
    void aChunkDamagedOnTheDiskMeanwhileIsFetchedAgain() throws IOException {
        release(publish("1", server(2)), 1);
        Files.createDirectories(dir.resolve("chunks"));
        for (Sha256 chunk : source.chunks.keySet()) {
            Files.writeString(dir.resolve("chunks").resolve(chunk.hex()), "half");
        }
        assertThat(store().update()).isTrue();
        store().current();
    }

    @Test
    void anOlderReleaseIsRefusedAlsoWhileTheNewerIsNotHereYet() throws IOException {
        Manifest one = publish("1", server(1));
        release(one, 1);
        store().update();
        release(publish("2", server(4)), 2);
        source.chunksLeft.set(0);
        assertThatThrownBy(() -> store().update()).isInstanceOf(IOException.class);
        assertThat(store().current()).isEqualTo(dir.resolve("versions/1"));
        release(one, 1);
        assertThatThrownBy(() -> store().update())
                .isInstanceOf(BundleException.class)
                .hasMessage("release 1 (1): older than release 2, which was accepted before");
        release(one, 3);
        assertThat(store().update()).isTrue();
        assertThat(store().current()).isEqualTo(dir.resolve("versions/1"));
    }

    @Test
    void anotherKeysReleaseAndAForgedManifestAreRefusedAndFetchNothing() throws IOException {
        Manifest manifest = publish("1", server(1));
        release(manifest, 1);
        assertThatThrownBy(() -> store(pair(), Long.MAX_VALUE).update())
                .hasMessage("release 1 (1): not signed by the key this host was enrolled with");
        source.manifests.put(manifest.version(), publish("2", server(2)).bytes());
        assertThatThrownBy(() -> store().update()).hasMessage("manifest of 1: not the one that was released");
        assertThat(source.fetched).isEmpty();
    }

    @Test
    void aFullDiskIsSaidBeforeAnythingIsFetched() throws IOException {
        release(publish("1", server(3)), 1);
        free.set(100L << 20);
        assertThatThrownBy(() -> store().update())
                .isInstanceOf(BundleException.class)
                .hasMessage("bundle 1: the disk has 100 MB free (expected: 262 MB); nothing was fetched");
        assertThat(source.fetched).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatFillsInADownloadGetsItsRoomBackAndTheNextDownloadIsWhole() throws IOException {
        release(publish("1", server(1)), 1);
        store().update();
        release(publish("2", server(6)), 2);
        source.fetched.clear();
        Sha256 fourth = Sha256.of(Arrays.copyOfRange(server(6), 3 * MIB, 4 * MIB));
        Files.createDirectories(dir.resolve("chunks"));
        Files.createSymbolicLink(dir.resolve("chunks").resolve(fourth.hex() + ".part"), FULL);

        assertThatThrownBy(() -> store().update())
                .isInstanceOf(IOException.class)
                .hasMessage("bundle 2: chunk " + fourth
                        + " cannot be written: No space left on device; what came was removed");

        assertThat(source.fetched.stream().filter(fourth::equals)).hasSize(1);
        assertThat(dir.resolve("chunks")).doesNotExist();
        assertThat(dir.resolve("loading")).doesNotExist();
        assertThat(versions()).containsExactly("1");
        assertThat(store().current()).isEqualTo(dir.resolve("versions/1"));

        assertThat(store().update()).isTrue();
        assertThat(store().current().resolve("map-server")).hasBinaryContent(server(6));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatFillsWhileABundleIsUnpackedLeavesNothingHalfDone() throws IOException {
        release(publish("1", server(2)), 1);
        Process limited =
                StoreInOwnProcess.start(dir, KEY.getPublic(), source.release, source.manifests, source.chunks);
        assertThat(StoreInOwnProcess.lastLine(limited))
                .isEqualTo("bundle 1: map-server cannot be written: File too large; what came was removed");

        assertThat(dir.resolve("chunks")).doesNotExist();
        assertThat(dir.resolve("loading")).doesNotExist();
        assertThat(dir.resolve("versions")).doesNotExist();
        assertThat(store().update()).isTrue();
        assertThat(store().current().resolve("map-server")).hasBinaryContent(server(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"map-server", "manifest.json", "npc/a.txt"})
    void whatWasChangedHereIsRefusedAndPutRight(String file) throws IOException {
        release(publish("1", server(3)), 1);
        store().update();
        Files.writeString(dir.resolve("versions/1").resolve(file), "changed");
        assertThatThrownBy(() -> store().current()).isInstanceOf(BundleException.class);
        assertThat(store().update()).isTrue();
        assertThat(store().current().resolve("map-server")).hasBinaryContent(server(3));
    }

    @Test
    void whatAnEndedAgentLeftHalfDoneDoesNoHarm() throws IOException {
        release(publish("1", server(1)), 1);
        Files.createDirectories(dir.resolve("loading/npc"));
        Files.writeString(dir.resolve("loading/npc/old.txt"), "x");
        Files.createDirectories(dir.resolve("versions/1"));
        Files.writeString(dir.resolve("versions/1/map-server"), "half");
        Files.createDirectories(dir.resolve("chunks"));
        Files.writeString(dir.resolve("chunks/x.part"), "half");
        assertThat(store().update()).isTrue();
        store().current();
        assertThat(dir.resolve("loading")).doesNotExist();
    }

    @Test
    void theRateIsKept() throws IOException {
        release(publish("1", server(4)), 1);
        store(KEY, MIB).update();
        // Four pieces of a second each and a short one; only what comes before the last one has to be waited for, and
        // time stands still here, so each waits for all before it.
        assertThat(waited.get()).isBetween(6_000_000_000L, 10_200_000_000L);
    }

    @Test
    void aReleaseOnTheDiskThatIsNotOursIsNotBelieved() throws IOException {
        release(publish("1", server(1)), 1);
        store().update();
        KeyPair other = pair();
        assertThatThrownBy(() -> store(other, Long.MAX_VALUE).current()).isInstanceOf(BundleException.class);
    }
}
