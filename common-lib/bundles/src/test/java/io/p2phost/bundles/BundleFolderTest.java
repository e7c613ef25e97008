package io.p2phost.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFolderTest {
    @TempDir
    Path folder;

    private Manifest manifest;

    @BeforeEach
    void unpack() throws IOException {
        manifest = Bundled.unpacked(folder, "1");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> BundleFolder.verify(folder, manifest))
                .isInstanceOf(BundleException.class)
                .hasMessage(message);
    }

    @Test
    void anUnpackedBundleIsWhatItsManifestSays() throws IOException {
        assertThat(BundleFolder.manifest(folder)).isEqualTo(manifest);
        assertThatCode(() -> BundleFolder.verify(folder, manifest)).doesNotThrowAnyException();
    }

    @Test
    void theChunksAreTheFile() throws IOException {
        BundleFile server = manifest.file(Bundled.SERVER).orElseThrow();
        assertThat(server.chunks()).hasSize(3);
        Path copy = folder.resolve("copy");
        for (int i = 0; i < 3; i++) {
            byte[] chunk = Chunks.read(server, i, folder);
            assertThat(chunk).hasSize(i < 2 ? Chunks.BYTES : Chunks.BYTES / 2);
            Files.write(copy, chunk, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
        }
        assertThat(copy).hasSameBinaryContentAs(folder.resolve("map-server"));
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 8; i++) {
            long at =
                    random.nextLong(manifest.file(Bundled.SERVER).orElseThrow().size());
            int bit = 1 << random.nextInt(8);
            flip(at, bit);
            refused("map-server: its content is not the released one");
            flip(at, bit);
        }
        BundleFolder.verify(folder, manifest);
    }

    private void flip(long at, int bit) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("map-server").toFile(), "rw")) {
            file.seek(at);
            int value = file.read();
            file.seek(at);
            file.write(value ^ bit);
        }
    }

    @Test
    void aFileTooManyIsRefused() throws IOException {
        Files.writeString(folder.resolve("conf/import.txt"), "userid: x");
        refused("conf/import.txt: not in the manifest");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("npc/prontera.txt"));
        refused("npc/prontera.txt: missing");
    }

    @Test
    void aLinkIsRefusedThoughItLeadsToTheRightContent() throws IOException {
        Path script = folder.resolve("npc/prontera.txt");
        Path elsewhere = Files.move(script, folder.resolveSibling("prontera-" + System.nanoTime()));
        try {
            Files.createSymbolicLink(script, elsewhere);
            refused("npc/prontera.txt: a link or device (expected: a plain file)");
        } finally {
            Files.delete(elsewhere);
        }
    }

    @Test
    void aServerThatCannotBeExecutedIsRefused() {
        assertThat(folder.resolve("map-server").toFile().setExecutable(false)).isTrue();
        refused("map-server: not executable");
    }

    @Test
    void aFileThatIsCutOrGrewIsRefused() throws IOException {
        Files.write(folder.resolve("conf/motd.txt"), new byte[1]);
        refused("conf/motd.txt: 1 bytes (expected: 0)");
    }

    @Test
    void aFileThatChangesWhileItIsReadIsNoticed() throws IOException {
        BundleFile server = manifest.file(Bundled.SERVER).orElseThrow();
        flip(Chunks.BYTES + 7L, 1);
        assertThatThrownBy(() -> Chunks.read(server, 1, folder)).hasMessage("map-server: changed while it was read");
    }
}
