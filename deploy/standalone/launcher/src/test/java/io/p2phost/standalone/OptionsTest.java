package io.p2phost.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Path CWD = Path.of("/somewhere");
    private static final Path USUAL = Path.of("/suite/.p2p");

    @Test
    void withoutWordsTheUsualHomeAndPortsAreTaken() throws Refusal {
        Options options = parse("up");

        assertThat(options.home().root()).isEqualTo(USUAL);
        assertThat(options.ports().offset()).isZero();
        assertThat(options.detach()).isFalse();
        assertThat(options.processes()).isFalse();
        assertThat(options.fresh()).isFalse();
    }

    @Test
    void everyOptionOfUpIsUnderstood() throws Refusal {
        Options options = parse("up", "--detach", "--processes", "--fresh", "--home", "state", "--port-offset=2000");

        assertThat(options.home().root()).isEqualTo(Path.of("/somewhere/state"));
        assertThat(options.ports().offset()).isEqualTo(2000);
        assertThat(options.detach()).isTrue();
        assertThat(options.processes()).isTrue();
        assertThat(options.fresh()).isTrue();
    }

    @Test
    void aWrongWordIsNamedWithWhatWasExpected() {
        refused("up", "--detahc").hasMessageContaining("--detahc").hasMessageContaining("--detach");
        refused("status", "--detach").hasMessageContaining("--detach is not an option of status");
        refused("fly").hasMessageContaining("fly is not a command");
    }

    @Test
    void aMissingOrNeedlessValueIsSaid() {
        refused("up", "--home").hasMessage("--home needs a value.");
        refused("up", "--fresh=yes").hasMessage("--fresh takes no value.");
    }

    @Test
    void anOffsetThatMovesPortsOutOfRangeIsRefusedWithItsValue() {
        refused("up", "--port-offset", "-1").hasMessageContaining("-1 (expected: a number from 0 to 46000)");
        refused("up", "--port-offset", "46001").hasMessageContaining("46001");
        refused("up", "--port-offset", "many").hasMessageContaining("many");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(String command, String... words) {
        return assertThatThrownBy(() -> parse(command, words)).isInstanceOf(Refusal.class);
    }

    private static Options parse(String command, String... words) throws Refusal {
        return Options.parse(command, List.of(words), CWD, USUAL);
    }
}
