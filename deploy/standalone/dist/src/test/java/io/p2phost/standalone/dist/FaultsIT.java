package io.p2phost.standalone.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.p2phost.standalone.dist.P2p.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be wrong before or during a start ends in one sentence, a status, and nothing running. */
@Tag("deep")
class FaultsIT {
    @TempDir
    static Path shared;

    private static Path dist;

    @TempDir
    Path folder;

    private P2p p2p;

    @BeforeAll
    static void dist() throws IOException {
        dist = Dists.quick(shared);
    }

    @BeforeEach
    void home() throws IOException {
        p2p = new P2p(dist, folder.resolve("home"));
    }

    @AfterEach
    void nothingRuns() throws Exception {
        assertThat(p2p.processes()).isEmpty();
    }

    @Test
    void wrongWordsAreNamed() throws Exception {
        assertThat(p2p.up("--quickly"))
                .isEqualTo(new Outcome(
                        2,
                        "--quickly is not an option of up (expected: --detach, --fresh, --home, --port-offset,"
                                + " --processes).\n"));
        assertThat(p2p.run("fly").status()).isEqualTo(2);
        assertThat(p2p.run("fly").text()).startsWith("fly is not a command of p2p.\nusage: ./p2p COMMAND");
        assertThat(p2p.up("--detach", "--port-offset", "x").status()).isEqualTo(2);
    }

    @Test
    void aPortInUseIsNamedWithItsOwner() throws Exception {
        int port = p2p.ports.charLinks();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(p2p.up())
                    .isEqualTo(new Outcome(
                            1,
                            "Port " + taken.getLocalPort() + " (needed by db-proxy's char links) is in use: stop the"
                                    + " program that listens there, or move the suite with --port-offset N.\n"));
        }
    }

    @Test
    void aDamagedPostgresqlFolderIsNamed() throws Exception {
        Files.createDirectories(p2p.home.postgresql());
        Files.writeString(p2p.home.postgresql().resolve("PG_VERSION"), "12\n");

        assertThat(p2p.up())
                .isEqualTo(new Outcome(
                        1,
                        "The data folder " + p2p.home.postgresql() + " is damaged: PG_VERSION: 12 (expected: 18)."
                                + " Restore it from a backup, or start anew with ./p2p up --fresh (this deletes all"
                                + " state).\n"));
    }

    @Test
    void aPostgresqlThatCannotReadItsDataSaysWhy() throws Exception {
        Files.createDirectories(p2p.home.postgresql().resolve("global"));
        Files.writeString(p2p.home.postgresql().resolve("PG_VERSION"), "18\n");
        Files.writeString(p2p.home.postgresql().resolve("global/pg_control"), "not a control file");

        Outcome outcome = p2p.up();

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text().lines().toList().getLast())
                .startsWith("PostgreSQL did not start: ")
                .endsWith("(log: " + p2p.home.log("postgresql") + ").");
    }

    @Test
    void aDamagedKafkaFolderIsNamed() throws Exception {
        Files.createDirectories(p2p.home.kafka());
        Files.writeString(p2p.home.kafka().resolve("meta.properties"), "version=1\n");

        Outcome outcome = p2p.up("--detach");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text())
                .startsWith("The data folder " + p2p.home.kafka() + " is damaged: meta.properties: cluster.id is");
    }

    @Test
    void aHomeThatIsAFileIsRefused() throws Exception {
        Files.writeString(p2p.home.root(), "x");

        Outcome outcome = p2p.up();

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text()).contains("is not a folder");
    }

    @Test
    void aFullDiskIsRefused() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        Outcome mount = P2p.execute(List.of("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", small.toString()));
        if (System.getenv("CI") == null) {
            assumeTrue(mount.status() == 0, "this user may not mount a small disk");
        }
        assertThat(mount.status()).as(mount.text()).isZero();
        try {
            Outcome outcome = new P2p(dist, small.resolve("home")).up();

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.text())
                    .matches("The disk that holds " + small
                            + "/home is full: 6\\d MB free \\(expected: at least 512 MB\\)\\.\n");
        } finally {
            P2p.execute(List.of("umount", small.toString()));
        }
    }

    @Test
    void aServiceThatDoesNotStartFailsTheWholeStartAndNothingIsLeft() throws Exception {
        Files.createDirectories(p2p.home.root());
        Files.writeString(p2p.home.root().resolve("fail-metrics"), "");

        Outcome outcome = p2p.up("--detach");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text().lines().toList().getLast())
                .isEqualTo("metrics did not start: told to fail (log: " + p2p.home.log("metrics") + ").");
        assertThat(p2p.processes()).isEmpty();
        assertThat(p2p.run("status").status()).isEqualTo(3);
        assertThat(p2p.home.pidFile("postgresql")).doesNotExist();
        assertThat(p2p.home.postgresql().resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    void aProcessThatDoesNotStartFailsTheWholeStartAndNothingIsLeft() throws Exception {
        Files.createDirectories(p2p.home.root());
        Files.writeString(p2p.home.root().resolve("fail-relay"), "");

        Outcome outcome = p2p.up("--processes");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text().lines().toList().getLast())
                .startsWith("relay did not start: ")
                .endsWith(" (log: " + p2p.home.log("relay") + ").");
        assertThat(p2p.processes()).isEmpty();
    }

    @Test
    void anIncompleteDistIsNamed() throws Exception {
        Path broken = Dists.quick(folder.resolve("broken"));
        Files.delete(broken.resolve("services/relay.jar"));

        Outcome outcome = new P2p(broken, folder.resolve("home2")).up();

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text()).contains("services/relay.jar is missing from the packaged suite");
    }

    @Test
    void aMissingJdkIsSaidWithWhatToInstall() throws Exception {
        Outcome outcome = P2p.execute(List.of(
                "sh",
                "-c",
                ". \"$1\"; wanted_java=999; find_java jdk",
                "sh",
                dist.resolve("bin/jdk.sh").toString()));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text())
                .startsWith("No JDK 999 or newer was found (looked in JAVA_HOME, PATH,")
                .contains("install one")
                .hasLineCount(1);
    }

    @Test
    void logsThatAreNotThereAreNamedWithThoseThatAre() throws Exception {
        assertThat(p2p.run("logs", "relay").text()).contains("There are no logs under " + p2p.home.root());
        Files.createDirectories(p2p.home.logs());
        Files.writeString(p2p.home.log("relay"), "a line\n");

        assertThat(p2p.run("logs", "kafak"))
                .isEqualTo(new Outcome(2, "There is no log kafak (expected: one of relay )\n"));
        assertThat(p2p.run("logs", "relay")).isEqualTo(new Outcome(0, "a line\n"));
        assertThat(p2p.run("logs").status()).isEqualTo(2);
    }

    @Test
    void whatThisBuildDoesNotHaveIsSaid() throws Exception {
        Outcome outcome = P2p.execute(List.of(dist.resolve("p2p").toString(), "demo"));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text()).startsWith("This build has no demo");
        assertThat(P2p.execute(List.of(dist.resolve("p2p").toString(), "build")).text())
                .startsWith("There is nothing to build here");
    }

    @Test
    void downAndStatusWithoutASuiteSaySo() throws Exception {
        assertThat(p2p.run("status"))
                .isEqualTo(new Outcome(3, "The suite does not run (home " + p2p.home.root() + ").\n"));
        assertThat(p2p.run("down").status()).isZero();
        assertThat(p2p.run("status", "--json").text()).startsWith("{\"running\":false");
    }
}
