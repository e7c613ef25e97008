package io.p2phost.agent.manners.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.MutableTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSensesTest {
    @TempDir
    Path directory;

    private final MutableTime time = new MutableTime();
    private final Map<String, String> answers = new HashMap<>();
    private final SystemQuery system = new SystemQuery() {
        @Override
        Optional<String> ask(List<String> command) {
            return Optional.ofNullable(answers.get(command.getFirst()));
        }
    };

    private void process(int pid, String comm, String cmdline) throws IOException {
        Path process = Files.createDirectory(directory.resolve(String.valueOf(pid)));
        Files.writeString(process.resolve("comm"), comm + "\n");
        Files.writeString(process.resolve("cmdline"), cmdline);
    }

    @Test
    void programsAreFoundByTheirWholeName() throws IOException {
        process(1, "init", "/sbin/init\0");
        process(7, "Game.exe", "Z:\\games\\Game.exe\0--fast\0");
        process(8, "a-very-long-nam", "/opt/a-very-long-name\0");
        process(9, "gameserver", "/usr/bin/gameserver\0");
        Files.createDirectory(directory.resolve("11"));

        assertThat(new Programs(directory).running(Set.of("game", "a-very-long-name", "obs")))
                .containsExactly("a-very-long-name", "game");
    }

    @Test
    void ownProcessIsFoundOnThisMachine() throws IOException {
        String name = Files.isDirectory(Path.of("/proc"))
                ? Files.readString(Path.of("/proc/self/comm")).strip()
                : "java";
        assertThat(new Programs(Path.of("/proc")).running(Set.of(name))).containsExactly(name);
    }

    @Test
    void aLinkIsMeteredWhenAConnectedDeviceIs() {
        MeteredLink link = new MeteredLink(system);
        assertThat(link.metered()).as("no NetworkManager").isNull();
        answers.put("nmcli", "100 (connected)\nno (guessed)\n\n30 (disconnected)\nyes\n");
        assertThat(link.metered()).isFalse();
        answers.put("nmcli", "100 (connected)\nno\n\n100 (connected)\nyes (guessed)\n");
        assertThat(link.metered()).isTrue();
        answers.put("nmcli", "100 (connected):no (guessed)\n\n100 (connected):yes\n");
        assertThat(link.metered()).as("on one line").isTrue();
        answers.put("nmcli", "100 (connected)\nunknown\n");
        assertThat(link.metered()).isNull();
    }

    @Test
    void inputIsSeenAtTheInterruptsOfABuiltInKeyboard() throws IOException {
        Path interrupts = directory.resolve("interrupts");
        Input input = new Input(interrupts, system, time);
        assertThat(input.since()).as("nothing shows it").isNull();
        Files.writeString(interrupts, "  1:   10   5   IO-APIC   1-edge   i8042\n 16: 9 9 IO-APIC xhci_hcd\n");
        assertThat(input.since()).isEqualTo(Duration.ZERO);
        time.pass(Duration.ofMinutes(3));
        assertThat(input.since()).isEqualTo(Duration.ofMinutes(3));
        Files.writeString(interrupts, "  1:   10   6   IO-APIC   1-edge   i8042\n");
        assertThat(input.since()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aDesktopThatNeverSpeaksOfIdlenessIsNotBelieved() {
        Input input = new Input(directory.resolve("none"), system, time);
        answers.put("loginctl", "IdleHint=no\nIdleSinceHint=0\n");
        assertThat(input.since()).isNull();
        long since = time.instant().minusSeconds(600).toEpochMilli() * 1000;
        answers.put("loginctl", "IdleHint=yes\nIdleSinceHint=" + since + "\n");
        assertThat(input.since()).isBetween(Duration.ofSeconds(599), Duration.ofSeconds(601));
        answers.put("loginctl", "IdleHint=no\nIdleSinceHint=0\n");
        assertThat(input.since()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aProgramThatIsMissingFailsOrHangsAnswersNothing() {
        SystemQuery real = new SystemQuery();
        assertThat(real.ask(List.of("no-such-program-here"))).isEmpty();
        if (Files.isExecutable(Path.of("/bin/sh"))) {
            assertThat(real.ask(List.of("/bin/sh", "-c", "echo ok"))).contains("ok\n");
            assertThat(real.ask(List.of("/bin/sh", "-c", "echo ok; exit 3"))).isEmpty();
            assertThat(real.ask(List.of("/bin/sh", "-c", "sleep 60"))).isEmpty();
        }
    }
}
