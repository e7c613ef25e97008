package io.p2phost.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundlePathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"map-server", "npc/pre-re/mobs/fields/prontera.txt", "lib/libmariadb.so.3", "db/a (1)~.yml"})
    void plainRelativePathsAreTaken(String path) {
        assertThat(new BundlePath(path).in(Path.of("/b")))
                .isEqualTo(Path.of("/b").resolve(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "..",
                "a/../b",
                "./a",
                "a/.",
                "a//b",
                "a/",
                "a\\b",
                "C:a",
                "a:b",
                "a\0b",
                "a\nb",
                "ü",
                "nul",
                "conf/CON",
                "con.txt",
                "com1.yml",
                "Lpt9",
                "a.",
                "a ",
                " a",
                "a?",
                "a*",
                "a|b",
                "a<b",
                "$a"
            })
    void pathsThatSomeSystemReadsOtherwiseAreRefused(String path) {
        assertThatThrownBy(() -> new BundlePath(path)).isInstanceOf(BundleException.class);
    }

    @Property(tries = 2000)
    void whatIsTakenStaysInTheFolder(
            @ForAll @StringLength(max = 24) @Chars({'.', '/', '\\', 'a', ' ', ':', '\0', '~', '-'}) String path) {
        Path folder = Path.of("/bundle");
        try {
            Path file = new BundlePath(path).in(folder);
            assertThat(file.normalize()).isEqualTo(file).startsWithRaw(folder).isNotEqualTo(folder);
        } catch (BundleException e) {
            assertThat(e).hasMessageStartingWith("path: ");
        }
    }
}
