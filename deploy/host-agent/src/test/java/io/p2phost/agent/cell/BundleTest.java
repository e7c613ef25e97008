package io.p2phost.agent.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.agent.AgentFailure;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    @TempDir
    Path directory;

    @Test
    void manifestNamesMapsScriptsAndFiles() throws Exception {
        Bundle bundle = Bundle.read(TestBundle.write(directory, "exit 0"));
        assertThat(bundle.version()).isEqualTo("test.1");
        assertThat(bundle.maps().get(MapName.of("prt_fild08"))).containsExactly(TestBundle.SCRIPT);
        bundle.verify();
    }

    @Test
    void changedFileIsNamed() throws Exception {
        Bundle bundle = Bundle.read(TestBundle.write(directory, "exit 0"));
        Files.writeString(directory.resolve(TestBundle.SCRIPT), "// Monsters\n");
        assertThatThrownBy(bundle::verify)
                .isInstanceOf(IOException.class)
                .hasMessage("bundle test.1: npc/mobs/field.txt is not what was published");
    }

    @Test
    void linkInPlaceOfAFileIsNotTaken() throws Exception {
        Bundle bundle = Bundle.read(TestBundle.write(directory, "exit 0"));
        Path script = directory.resolve(TestBundle.SCRIPT);
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(script, elsewhere);
        Files.createSymbolicLink(script, elsewhere);
        assertThatThrownBy(bundle::verify).hasMessage("bundle test.1: npc/mobs/field.txt is missing");
    }

    @Test
    void pathsThatLeadOutOfTheBundleAreRefused() throws Exception {
        for (String path : new String[] {"../server", "/bin/sh", "a/../../b", "a//b", "a\\\\b", "", "a/./b"}) {
            TestBundle.manifest(
                    directory,
                    path,
                    "x",
                    "{\"path\":\"%s\",\"size\":1,\"sha256\":\"%s\"}".formatted(path, "0".repeat(64)));
            assertThatThrownBy(() -> Bundle.read(directory))
                    .as(path)
                    .isInstanceOf(AgentFailure.class)
                    .hasMessageContaining("expected: relative");
        }
    }

    @Test
    void folderWithoutManifestIsAPlainSentence() {
        assertThatThrownBy(() -> Bundle.read(directory))
                .isInstanceOf(AgentFailure.class)
                .hasMessageStartingWith("bundle: ");
    }
}
