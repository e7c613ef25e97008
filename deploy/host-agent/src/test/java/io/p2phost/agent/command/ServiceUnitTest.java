package io.p2phost.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The systemd unit and the guide's container repeat numbers of the agent's own: they must fit. */
class ServiceUnitTest {
    private static final Path UNIT = Path.of("../standalone/agent/src/archive/p2p-host.service");
    private static final Path GUIDE = Path.of("../../docs/host-guide.md");

    /** What systemd does after that exit code. */
    private enum Then {
        STARTS_AGAIN,
        LEAVES_IT,
        CALLS_IT_WELL
    }

    private static Then then(ExitCode code) {
        return switch (code) {
            case OK, NOT_HANDED_BACK -> Then.CALLS_IT_WELL;
            case USAGE, BELOW_MINIMUM, BLACKLISTED, HOME, REFUSED, NO_CONSENT -> Then.LEAVES_IT;
            // Only other commands end with the last two.
            case FAILED, UNREACHABLE, NOT_RUNNING -> Then.STARTS_AGAIN;
        };
    }

    private static Map<String, String> unit() throws IOException {
        return Files.readAllLines(UNIT).stream()
                .filter(line -> line.matches("[A-Za-z]+=.*"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    }

    private static Set<String> words(String value) {
        return Set.copyOf(List.of(value.split(" ")));
    }

    private static Stream<String> codes(Then wanted) {
        return Arrays.stream(ExitCode.values())
                .filter(code -> then(code) == wanted)
                .map(code -> Integer.toString(code.code()));
    }

    private static long secondsToEnd() {
        String drain = new CommandLine(new RunCommand())
                .getCommandSpec()
                .findOption("--drain-seconds")
                .defaultValue();
        return Duration.ofSeconds(Long.parseLong(drain)).plus(Stopping.LEAVING).toSeconds();
    }

    @Test
    void stopAllowsMoreTimeThanTheAgentTakes() throws IOException {
        assertThat(unit()).containsEntry("KillMode", "mixed");
        assertThat(Long.parseLong(unit().get("TimeoutStopSec"))).isGreaterThan(secondsToEnd());
    }

    @Test
    void onlyWhatMayMendItselfIsStartedAgain() throws IOException {
        Map<String, String> unit = unit();
        assertThat(unit).containsEntry("Restart", "on-failure").containsKeys("StartLimitBurst", "RestartSec");
        assertThat(words(unit.get("RestartPreventExitStatus")))
                .isEqualTo(codes(Then.LEAVES_IT).collect(Collectors.toSet()));
        // 143 is the virtual machine's own answer to SIGTERM before the agent takes the signal over.
        assertThat(words(unit.get("SuccessExitStatus")))
                .isEqualTo(Stream.concat(codes(Then.CALLS_IT_WELL).filter(code -> !code.equals("0")), Stream.of("143"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void failureAfterFailureEndsAtTheLimit() throws IOException {
        Map<String, String> unit = unit();
        long starts = Long.parseLong(unit.get("StartLimitBurst"));
        assertThat(starts * (Long.parseLong(unit.get("RestartSec")) + 10))
                .as("seconds for %s starts that fail soon", starts)
                .isLessThan(Long.parseLong(unit.get("StartLimitIntervalSec")));
    }

    @Test
    void guidesContainerIsGivenAsMuchTime() throws IOException {
        String guide = Files.readString(GUIDE);
        assertThat(guide).contains("--stop-timeout " + unit().get("TimeoutStopSec"));
    }
}
