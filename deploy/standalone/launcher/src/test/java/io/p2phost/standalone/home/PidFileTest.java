package io.p2phost.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    @TempDir
    Path root;

    private Process process;

    @BeforeEach
    void aProcess() throws IOException {
        process = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void theProcessThatWasWrittenDownIsFoundWhileItLives() throws Exception {
        Path file = root.resolve("a.pid");
        PidFile.write(file, process.toHandle());

        assertThat(PidFile.living(file).orElseThrow().pid()).isEqualTo(process.pid());

        process.destroyForcibly();
        process.waitFor();
        assertThat(PidFile.living(file)).isEmpty();
    }

    @Test
    void anotherProcessWithTheSameNumberIsNotTakenForIt() throws IOException {
        Path file = root.resolve("a.pid");
        Instant anHourBefore = process.info().startInstant().orElseThrow().minus(Duration.ofHours(1));
        Files.writeString(file, process.pid() + " " + anHourBefore.toEpochMilli());

        assertThat(PidFile.living(file)).isEmpty();
    }

    @Test
    void rubbishIsNoProcess() throws IOException {
        assertThat(PidFile.read(Files.writeString(root.resolve("a.pid"), "what")))
                .isEmpty();
        assertThat(PidFile.read(Files.writeString(root.resolve("b.pid"), ""))).isEmpty();
        assertThat(PidFile.read(root.resolve("absent.pid"))).isEmpty();
    }

    @Test
    void whatAKilledLauncherLeftIsStoppedServicesFirstAndDatabaseLast() throws Exception {
        Home home = new Home(root);
        home.create();
        Process service = new ProcessBuilder("sleep", "600").start();
        Process broker = new ProcessBuilder("sleep", "600").start();
        PidFile.write(home.pidFile("postgresql"), process.toHandle());
        PidFile.write(home.pidFile("kafka"), broker.toHandle());
        PidFile.write(home.pidFile("relay"), service.toHandle());

        List<Leftovers.Leftover> stopped = Leftovers.stop(home);

        assertThat(stopped).extracting(Leftovers.Leftover::name).containsExactly("relay", "kafka", "postgresql");
        assertThat(List.of(service, broker, process)).noneMatch(Process::isAlive);
        assertThat(home.run()).isEmptyDirectory();
    }
}
