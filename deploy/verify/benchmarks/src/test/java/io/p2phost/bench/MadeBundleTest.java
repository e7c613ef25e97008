package io.p2phost.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.bundles.BundleFolder;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeBundleTest {
    @TempDir
    Path folder;

    @Test
    void ofASecondVersionEveryTwentiethPieceIsAnother() throws IOException {
        MadeBundle bundle = new MadeBundle("tree", 200, 4_000);

        Manifest first = bundle.write(folder.resolve("1"), 1, folder.resolve("1.all"));
        Manifest second = bundle.write(folder.resolve("2"), 2, folder.resolve("2.all"));

        BundleFolder.verify(folder.resolve("1"), first);
        BundleFolder.verify(folder.resolve("2"), second);
        Set<Sha256> fresh = new HashSet<>(second.chunks());
        fresh.removeAll(first.chunks());
        assertThat(first.chunks()).hasSize(200);
        assertThat(fresh).hasSize(10);
        assertThat(Files.size(folder.resolve("1.all"))).isEqualTo(first.totalBytes());
    }

    @Test
    void aLargeFileHasPiecesOfItsOwn() throws IOException {
        MadeBundle bundle = new MadeBundle("large", 3, 8 * 1024 * 1024);

        Manifest first = bundle.write(folder.resolve("1"), 1, folder.resolve("1.all"));
        Manifest second = bundle.write(folder.resolve("2"), 2, folder.resolve("2.all"));

        Set<Sha256> fresh = new HashSet<>(second.chunks());
        fresh.removeAll(first.chunks());
        assertThat(first.chunks()).hasSize(24);
        assertThat(fresh).hasSize(2);
    }
}
