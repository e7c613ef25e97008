package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.ro.sim.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RathenaServersTest {
    /** As a stock server does: to the folder of its own name, and there it reads what it is told. */
    private static final String SERVER = """
            #!/bin/sh
            cd "$(dirname "$0")" || exit 1
            cat conf/import/inter_conf.txt
            echo "Server is 'ready'"
            exec sleep 600
            """;

    @TempDir
    Path dir;

    private Path tree;
    private Programs programs;
    private RathenaServers servers;

    @BeforeEach
    void tree() throws Exception {
        tree = dir.resolve("tree");
        for (String folder : List.of("conf/import", "conf/import-tmpl", "db", "npc")) {
            Files.createDirectories(tree.resolve(folder));
        }
        Files.writeString(tree.resolve("conf/subnet_athena.conf"), "subnet: 255.0.0.0:127.0.0.1:127.0.0.1\n");
        Files.writeString(tree.resolve("conf/import/inter_conf.txt"), "map_server_pw: the operator's own\n");
        Files.writeString(tree.resolve("conf/import-tmpl/battle_conf.txt"), "");
        for (String name : List.of("login-server", "char-server", "map-server")) {
            Files.writeString(tree.resolve(name), SERVER);
            Files.setPosixFilePermissions(tree.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path work = Files.createDirectories(dir.resolve("work"));
        programs = new Programs(dir, work);
        Ports ports = new Ports();
        Site site = new Site(
                Endpoint.of("127.0.0.1:6900"),
                Endpoint.of("127.0.0.1:6121"),
                Endpoint.of("127.0.0.1:5121"),
                Endpoint.of("127.0.0.1:5131"),
                Endpoint.of("127.0.0.1:5123"),
                ports);
        GameDatabase database = new GameDatabase(work.resolve("database"), Endpoint.of("127.0.0.1:3377"), programs);
        servers = new RathenaServers(tree, work, site, database, List.of("prt_fild07", "prt_fild08"), programs);
    }

    @AfterEach
    void stop() {
        programs.stopAll();
    }

    private String conf(String server, String file) throws Exception {
        return Files.readString(
                dir.resolve("work").resolve(server).resolve("conf").resolve(file));
    }

    @Test
    void serversRunInFoldersOfTheirOwnAndNeverSeeTheOperatorsDatabase() throws Exception {
        servers.start(RathenaServers.CORE);
        await().until(() -> servers.isReady(RathenaServers.CORE));

        assertThat(Files.readString(servers.log(RathenaServers.CORE)))
                .contains("map_server_port: 3377", "char_server_db: ragnarok")
                .doesNotContain("the operator's own");
        servers.kill(RathenaServers.CORE);
        assertThatThrownBy(() -> servers.isReady(RathenaServers.CORE))
                .hasMessageContaining("core of the operator ended");
    }

    @Test
    void coreHasNoneOfTheHostedMapsAndReserveNothingElse() throws Exception {
        servers.start(RathenaServers.CORE);
        servers.start(RathenaServers.RESERVE);

        assertThat(conf("core", "import/map_conf.txt"))
                .contains("delmap: prt_fild07\ndelmap: prt_fild08\n", "char_port: 5123\n", "userid: s1\n");
        assertThat(conf("reserve", "import/map_conf.txt"))
                .contains("delmap: all\nmap: prt_fild07\nmap: prt_fild08\n", "userid: reserve\n", "map_port: 5131\n");
        assertThat(conf("reserve", "import/battle_conf.txt")).isEqualTo("prevent_logout: 0\n");
        assertThat(conf("reserve", "subnet_athena.conf")).isEmpty();
        assertThat(Files.readString(tree.resolve("conf/import/inter_conf.txt")))
                .as("nothing in the tree is written")
                .isEqualTo("map_server_pw: the operator's own\n");
    }

    @Test
    void aFolderWithoutServersIsNoTree() throws Exception {
        Files.delete(tree.resolve("char-server"));
        assertThatThrownBy(() -> RathenaServers.check(tree))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("char-server is missing (expected: a tree in which rAthena was built)");
    }
}
