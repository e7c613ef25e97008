package io.p2phost.agent.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.contracts.HostId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentHomeTest {
    @TempDir
    Path directory;

    @Test
    void keyAndFolderAreForTheirOwnerOnly() throws Exception {
        AgentHome home = new AgentHome(directory.resolve("home"));
        home.create();
        home.createOrReadKey();
        assertThat(mode(home.directory())).isEqualTo("rwx------");
        assertThat(mode(home.keyFile())).isEqualTo("rw-------");
    }

    @Test
    void keyReadByOthersIsRefused() throws Exception {
        AgentHome home = new AgentHome(directory);
        home.createOrReadKey();
        Files.setPosixFilePermissions(home.keyFile(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(home::readKey)
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("0600")
                .satisfies(e -> assertThat(((AgentFailure) e).exitCode()).isEqualTo(ExitCode.HOME));
    }

    @Test
    void keyIsReadBackAndItsProofVerifies() throws Exception {
        AgentHome home = new AgentHome(directory);
        HostKey made = home.createOrReadKey();
        HostKey read = home.createOrReadKey();
        assertThat(read.publicKeyBase64()).isEqualTo(made.publicKeyBase64());

        byte[] raw = Base64.getDecoder().decode(read.publicKeyBase64());
        assertThat(raw).hasSize(32);
        byte[] der = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(raw));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
        verifier.update("CODE-ü".getBytes(StandardCharsets.UTF_8));
        assertThat(verifier.verify(Base64.getDecoder().decode(read.signBase64("CODE-ü"))))
                .isTrue();
    }

    @Test
    void damagedKeyIsRefusedWithItsPath() throws Exception {
        AgentHome home = new AgentHome(directory);
        home.createOrReadKey();
        Files.writeString(home.keyFile(), "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(home::readKey).isInstanceOf(AgentFailure.class).hasMessageContaining("host.key");
    }

    @Test
    void identitySurvives() {
        AgentHome home = new AgentHome(directory);
        AgentIdentity identity =
                new AgentIdentity(HostId.random(), URI.create("https://game.example:8443"), "pc", "EU");
        home.writeIdentity(identity);
        assertThat(home.readIdentity()).isEqualTo(identity);
    }

    @Test
    void homeThatIsNotEnrolledSaysWhatToDo() {
        assertThatThrownBy(() -> new AgentHome(directory).readIdentity())
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("p2p-host enroll");
    }

    @Test
    void oneAgentPerHome() {
        AgentHome home = new AgentHome(directory);
        assertThat(HomeLock.isTaken(home)).isFalse();
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(HomeLock.isTaken(home)).isTrue();
            assertThatThrownBy(() -> HomeLock.take(home))
                    .isInstanceOf(AgentFailure.class)
                    .hasMessageContaining("in use by another agent")
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
        try (HomeLock again = HomeLock.take(home)) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void seedsHostNodeConfIsReadVerbatim() {
        HostNodeConf conf = HostNodeConf.parse("host_node.conf", """
                # conf/p2p/host_node.conf
                node:
                  max_maps: 5
                  max_players: 100
                  update_interval: 50

                resources:
                  cpu_limit: 80
                  memory_limit: 85
                  network_limit: 100
                """);
        assertThat(conf)
                .isEqualTo(new HostNodeConf(
                        OptionalInt.of(5),
                        OptionalInt.of(100),
                        OptionalInt.of(80),
                        OptionalInt.of(85),
                        OptionalInt.of(100)));
    }

    @Test
    void emptyHostNodeConfSetsNoLimits() {
        assertThat(HostNodeConf.parse("host_node.conf", "# nothing\n")).isEqualTo(HostNodeConf.NONE);
        assertThat(HostNodeConf.read(directory.resolve("absent"))).isEqualTo(HostNodeConf.NONE);
    }

    @Test
    void everyFaultOfHostNodeConfIsReportedWithItsLine() {
        assertThatThrownBy(() -> HostNodeConf.parse(
                        "host_node.conf", "node:\n  max_maps: 0\n  max_players: many\nresources:\n  cpu_limit: 101\n"))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("host_node.conf:2: node.max_maps: 0 (expected: a whole number from 1 to 64)")
                .hasMessageContaining("host_node.conf:3: node.max_players: many")
                .hasMessageContaining("host_node.conf:5: resources.cpu_limit: 101");
    }

    @Test
    void hostNodeConfThatIsNoYamlIsRefused() {
        assertThatThrownBy(() -> HostNodeConf.parse("host_node.conf", "node: [1\n"))
                .isInstanceOf(AgentFailure.class)
                .hasMessageStartingWith("host_node.conf:2: not YAML");
        assertThatThrownBy(() -> HostNodeConf.parse("host_node.conf", "node: 5\n"))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("node: (expected: key: value lines)");
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
