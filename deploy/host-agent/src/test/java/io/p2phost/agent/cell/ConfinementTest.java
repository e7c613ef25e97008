package io.p2phost.agent.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfinementTest {
    private static final Path BUNDLE = Path.of("/srv/bundle");
    private static final Path FOLDER = Path.of("/home/p/cells/prt_fild08");

    /** A machine that has these programs. */
    private static Confinement.Trial having(String... programs) {
        return command -> {
            if (!Set.of(programs).contains(command.getFirst())
                    && !command.getFirst().equals("env")) {
                return Optional.empty();
            }
            return Optional.of(command.getLast().contains("memory.max") ? "536870912\n" : "");
        };
    }

    private static Confinement detect(Confinement.Trial trial) {
        return Confinement.detect(trial, OptionalInt.of(40), 2, FOLDER);
    }

    @Test
    void everythingThatWorksIsUsedInOneChain() {
        Confinement all = detect(having("setsid", "setpriv", "systemd-run", "prlimit", "bwrap"));
        assertThat(all).isEqualTo(new Confinement(true, true, true, 80, true, true));
        List<String> words = all.wrap(BUNDLE, FOLDER, List.of("./map-server"));
        assertThat(words)
                .containsSubsequence(
                        "setsid", "setpriv", "systemd-run", "prlimit", "nice", "bwrap", "env", "-i", "./map-server")
                .contains("CPUQuota=80%")
                .containsSubsequence("--ro-bind", BUNDLE.toString())
                .containsSubsequence("--bind", FOLDER.toString())
                .doesNotContain("--unshare-net", "--unshare-all");
        assertThat(all.describe()).noneMatch(note -> note.contains("NONE"));
    }

    @Test
    void systemdEndsMapServersAfterTheAgentThatRunsAsAService() {
        List<String> words = detect(having("setsid", "setpriv", "systemd-run", "prlimit", "bwrap"))
                .wrap(BUNDLE, FOLDER, List.of("./map-server"));
        assertThat(words).containsSubsequence("systemd-run", "-p", "Before=p2p-host.service");
        assertThat(Path.of("../standalone/agent/src/archive", Confinement.SERVICE))
                .isRegularFile();
    }

    @Test
    void whatIsMissingIsSaidClearly() {
        Confinement none = detect(having());
        assertThat(none).isEqualTo(new Confinement(false, false, false, 80, false, false));
        assertThat(none.wrap(BUNDLE, FOLDER, List.of("./map-server"))).startsWith("env", "-i");
        assertThat(none.describe())
                .anyMatch(note -> note.startsWith("sandbox: NONE"))
                .anyMatch(note -> note.startsWith("limits: NONE"))
                .anyMatch(note -> note.contains("its next start ends"));
    }

    @Test
    void scopeThatLimitsNothingDoesNotCount() {
        Confinement.Trial undelegated = command -> Optional.of("max\n");
        assertThat(detect(undelegated).scope()).isFalse();
    }

    @Test
    void partsThatDoNotWorkTogetherAreAllLeftOut() {
        Confinement.Trial alone = command -> command.contains("env") ? Optional.empty() : Optional.of("");
        assertThat(detect(alone)).isEqualTo(new Confinement(false, false, false, 80, false, false));
    }
}
