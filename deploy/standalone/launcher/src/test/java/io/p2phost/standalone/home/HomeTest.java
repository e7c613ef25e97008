package io.p2phost.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path root;

    @Test
    void nobodyElseCanLookIntoIt() throws Exception {
        Home home = new Home(root.resolve("new"));

        home.create();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.root())))
                .isEqualTo("rwx------");
    }

    @Test
    void aFileInItsPlaceIsRefused() throws IOException {
        Home home = new Home(Files.writeString(root.resolve("taken"), "x"));

        assertThatThrownBy(home::create).isInstanceOf(Refusal.class).hasMessageContaining("is not a folder");
    }

    @Test
    void wipingDeletesTheSuitesStateAndNothingElse() throws Exception {
        Home home = new Home(root);
        home.create();
        Files.createDirectories(home.postgresql().resolve("base"));
        Files.writeString(home.adminKey(), "key");
        Path foreign = Files.writeString(root.resolve("notes.txt"), "mine");

        home.wipe();

        assertThat(home.postgresql()).doesNotExist();
        assertThat(home.adminKey()).doesNotExist();
        assertThat(home.run()).isEmptyDirectory();
        assertThat(foreign).hasContent("mine");
    }

    @Test
    void oneLauncherHoldsTheLockUntilItLetsGo() throws Exception {
        Home home = new Home(root);
        HomeLock lock = HomeLock.tryTake(home).orElseThrow();

        assertThat(HomeLock.tryTake(home)).isEmpty();
        assertThat(HomeLock.isHeld(home)).isTrue();

        lock.close();
        assertThat(HomeLock.isHeld(home)).isFalse();
    }
}
