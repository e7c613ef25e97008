package io.p2phost.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DiskSpaceTest {
    private final Home home = new Home(Path.of("/suite"));

    @Test
    void enoughIsEnough() {
        assertThatCode(() -> DiskSpace.check(home, DiskSpace.NEEDED_BYTES)).doesNotThrowAnyException();
    }

    @Test
    void aFullDiskIsRefusedWithWhatIsFreeAndWhatIsNeeded() {
        assertThatThrownBy(() -> DiskSpace.check(home, DiskSpace.NEEDED_BYTES - 1))
                .isInstanceOf(Refusal.class)
                .hasMessage("The disk that holds /suite is full: 511 MB free (expected: at least 512 MB).");
    }

    @Test
    void aWriteThatFindsTheDiskFullSaysSo() {
        Exception wrapped = new UncheckedIOException(new IOException("/suite/x: No space left on device"));

        assertThat(Faults.writing(home.root(), wrapped).sentence())
                .isEqualTo("The disk that holds /suite is full: free some space and start again.");
    }

    @Test
    void theInnermostCauseIsWhatTheUserGets() {
        Exception e = new RuntimeException("outer", new IllegalStateException("port: 0 (expected: 1..65535)\n at x"));

        assertThat(Faults.rootMessage(e)).isEqualTo("port: 0 (expected: 1..65535)");
        assertThat(Faults.rootMessage(new NullPointerException())).isEqualTo("NullPointerException");
    }
}
