package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle's whole way: the operator's command, gateway, registry, and the home of a packaged agent. */
class PublishIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = Suite.up(folder.resolve("suite"));
    }

    @AfterAll
    static void stop() throws Exception {
        suite.close();
    }

    @Test
    void aHostTakesWhatTheOperatorPublishesAndGoesBackWithHim() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), suite.adminKey());
        Path home = folder.resolve("host");
        String code = suite.call("POST", "enrolments", suite.adminKey(), "{\"accountId\":2000089,\"label\":\"pc\"}")
                .json()
                .path("code")
                .asString("");
        done(host(home, "enroll", "--gateway", suite.gateway().toString(), "--name", "pc", code));
        assertThat(Suite.run(host(home, "run", "--accept-consent")).text()).contains("no bundle was released yet");

        done(control(key, "bundle", "publish", bundle("v1").toString()));
        Path server = home.resolve("bundles/versions/v1/map-server");
        afterARun(home, () -> Files.exists(home.resolve("bundles/current.json")));
        assertThat(server).hasContent(program("v1")).isExecutable();

        assertThat(done(control(key, "bundle", "publish", bundle("v2").toString())))
                .as("a piece that did not change is not sent again")
                .contains("1 of 2 chunks");
        afterARun(home, () -> current(home).contains("\"v2\""));

        Files.writeString(server, "something else");
        done(control(key, "bundle", "rollback", "v1", "--yes"));
        afterARun(home, () -> current(home).contains("\"v1\""));
        assertThat(server).as("what was changed here is put right").hasContent(program("v1"));
        assertThat(done(control(key, "bundle", "list"))).containsSubsequence("v1", "true", "v2", "false");
    }

    private interface Reached {
        boolean now() throws Exception;
    }

    private static void afterARun(Path home, Reached reached) throws Exception {
        Process agent = new ProcessBuilder(host(home, "run", "--accept-consent"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("agent.log").toFile())
                .start();
        try {
            await().atMost(PATIENCE).until(reached::now);
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    private static String current(Path home) throws Exception {
        return Files.readString(home.resolve("bundles/current.json"));
    }

    private static String done(List<String> command) throws Exception {
        Suite.Outcome outcome = Suite.run(command);
        assertThat(outcome.status()).as(outcome.text()).isZero();
        return outcome.text();
    }

    private static List<String> host(Path home, String... words) {
        List<String> command = new ArrayList<>();
        command.add(Suite.DIST.resolve("bin/p2p-host").toString());
        command.addAll(List.of(words));
        command.addAll(2, List.of("--home", home.toString()));
        return command;
    }

    private static List<String> control(Path key, String... words) {
        List<String> command = new ArrayList<>();
        command.add(Suite.DIST.resolve("bin/p2p-control").toString());
        command.addAll(List.of("--gateway", suite.gateway().toString(), "--key-file", key.toString()));
        command.addAll(List.of(words));
        return command;
    }

    private static String program(String version) {
        return "#!/bin/sh\n# " + version + "\n";
    }

    private static Path bundle(String version) throws Exception {
        Path bundle = Files.createDirectories(folder.resolve("bundle-" + version));
        Path server = Files.writeString(bundle.resolve("map-server"), program(version));
        assertThat(server.toFile().setExecutable(true)).isTrue();
        Files.writeString(Files.createDirectories(bundle.resolve("npc")).resolve("a.txt"), "// shared\n");
        Files.writeString(
                bundle.resolve("manifest.json"),
                "{\"format\":1,\"version\":\"" + version
                        + "\",\"packetVersion\":20200401,\"server\":\"map-server\",\"maps\":{\"prt_fild08\":{\"scripts\":"
                        + "[\"npc/a.txt\"]}},\"files\":[" + file("map-server", program(version), true) + ","
                        + file("npc/a.txt", "// shared\n", false) + "]}");
        return bundle;
    }

    private static String file(String path, String content, boolean executable) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        return "{\"path\":\"" + path + "\",\"size\":" + bytes.length + ",\"sha256\":\"" + hash + "\",\"executable\":"
                + executable + ",\"chunks\":[\"" + hash + "\"]}";
    }
}
