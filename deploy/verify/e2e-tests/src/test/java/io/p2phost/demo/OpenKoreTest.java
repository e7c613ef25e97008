package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.ro.sim.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenKoreTest {
    @TempDir
    Path dir;

    private Path folder;
    private Path work;
    private Programs programs;

    @BeforeEach
    void folder() throws Exception {
        folder = Files.createDirectories(dir.resolve("openkore"));
        work = Files.createDirectories(dir.resolve("work"));
        Files.createDirectories(folder.resolve("control"));
        Files.createDirectories(folder.resolve("src/auto/XSTools"));
        Files.createFile(folder.resolve("src/auto/XSTools/XSTools.so"));
        Files.writeString(folder.resolve("control/config.txt"), "master\nusername someone\nlockMap\nlockMap_x\n");
        programs = new Programs(dir, work);
    }

    @AfterEach
    void stop() {
        programs.stopAll();
    }

    private OpenKore saying(String lines) throws Exception {
        Files.writeString(folder.resolve("openkore.pl"), "$| = 1; print \"" + lines + "\"; sleep 600;\n");
        OpenKore client = new OpenKore(folder, work, "Kore", programs);
        client.start(Endpoint.of("127.0.0.1:6900"), "prt_fild08");
        return client;
    }

    @Test
    void itIsToldWhereToGoAndWhoItIs() throws Exception {
        saying("hello\\n");

        assertThat(work.resolve("control/config.txt"))
                .content()
                .contains(
                        "master p2p demo\n",
                        "username Kore\n",
                        "lockMap prt_fild08\n",
                        "lockMap_x\n",
                        "portalCompile 0\n");
        assertThat(work.resolve("tables/servers.txt")).content().contains("ip 127.0.0.1\nport 6900\n");
        assertThat(folder.resolve("control/config.txt")).content().startsWith("master\n");
    }

    @Test
    void whatItSaysIsCounted() throws Exception {
        OpenKore client =
                saying("Connecting to Account Server...\\nYou are now in the game\\nYou are now in the game\\n");

        await().until(() -> client.entries() == 2);
        assertThat(client.logins()).isEqualTo(1);
        assertThat(client.trouble()).isEmpty();
    }

    @Test
    void whoLosesHisMapServerOrLogsInAgainIsInTrouble() throws Exception {
        OpenKore lost =
                saying("Connecting to Account Server...\\nTimeout on Map Server, connecting to Account Server\\n");
        await().until(() -> lost.trouble()
                .filter(text -> text.contains("Timeout on Map Server"))
                .isPresent());
    }

    @Test
    void whoseProgramEndsIsInTrouble() throws Exception {
        Files.writeString(folder.resolve("openkore.pl"), "exit 3;\n");
        OpenKore ended = new OpenKore(folder, work, "Kore", programs);
        ended.start(Endpoint.of("127.0.0.1:6900"), "prt_fild08");
        await().until(() -> ended.trouble()
                .filter(text -> text.startsWith("OpenKore ended"))
                .isPresent());
    }

    @Test
    void aFolderInWhichItWasNotBuiltIsRefused() throws Exception {
        Files.delete(folder.resolve("src/auto/XSTools/XSTools.so"));
        assertThatThrownBy(() -> OpenKore.check(folder))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("XSTools.so");
    }
}
