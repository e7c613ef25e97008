package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.AuditTopic;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** An operator and the journal of a whole db-proxy that was started with saves in it and whose char-server is away. */
class JournalIT {
    private static final int ACCOUNT = 2_000_001;
    private static final int CHARACTER = 150_001;
    private static final int OTHER = 150_002;

    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static TestService dbProxy;
    private static Map<String, String> settings;

    @BeforeAll
    static void start() throws Exception {
        tokens = new TestTokens();
        settings = new HashMap<>(TestService.databaseSettings(ServiceName.DB_PROXY));
        settings.put("p2p.db-proxy.port", "0");
        settings.put("p2p.db-proxy.vps.port", "0");
        run().close();
        append(1, CHARACTER);
        append(2, OTHER);
        append(3, CHARACTER);
        dbProxy = run();
    }

    private static TestService run() {
        return TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        dbProxy.close();
        tokens.close();
    }

    private static Connection database() throws SQLException {
        return DriverManager.getConnection(
                settings.get("spring.datasource.url"),
                settings.get("spring.datasource.username"),
                settings.get("spring.datasource.password"));
    }

    private static void append(long sequence, int character) throws Exception {
        try (Connection database = database();
                PreparedStatement insert = database.prepareStatement(
                        "insert into save_journal (sequence, account_id, character_id, body) values (?, ?, ?, ?)")) {
            insert.setLong(1, sequence);
            insert.setInt(2, ACCOUNT);
            insert.setInt(3, character);
            insert.setBytes(4, body(character));
            insert.executeUpdate();
        }
    }

    private static byte[] body(int character) throws IOException {
        BuildLayout layout = BuildLayout.shipped(BuildLayout.LINUX_20200401);
        Packet save = SaveCharacter.of(
                        ACCOUNT, character, false, new byte[layout.character().size()])
                .packet();
        CharStatus status = new SaveCharacter(save).status(layout);
        status.set("base_level", 42).set("zeny", 777).name("Alice").lastPoint(new MapPoint("prt_fild08", 50, 60));
        byte[] plain = save.bytes();
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(plain);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeInt(plain.length);
        out.writeInt(deflated.size());
        out.write(deflated.toByteArray());
        return body.toByteArray();
    }

    private static int rows(int character) throws SQLException {
        try (Connection database = database();
                PreparedStatement count =
                        database.prepareStatement("select count(*) from save_journal where character_id = ?")) {
            count.setInt(1, character);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @Test
    void whatWaitsIsShownActedOnAndAudited() throws Exception {
        JsonNode all = json(get("journal", Role.VIEWER));
        assertThat(all.get("entries").asInt()).isEqualTo(3);
        assertThat(all.get("bytes").asInt()).isPositive();
        assertThat(all.has("notStoredSince")).isFalse();
        assertThat(all.get("aside").asInt()).isZero();
        assertThat(all.get("characters")).hasSize(2);
        assertThat(all.get("characters").get(0).get("characterId").asInt()).isEqualTo(CHARACTER);
        assertThat(all.get("characters").get(0).get("entries").asInt()).isEqualTo(2);

        JsonNode one = json(get("journal/" + CHARACTER, Role.OPERATOR));
        assertThat(one.get("entries")).hasSize(2);
        JsonNode first = one.get("entries").get(0);
        assertThat(first.get("sequence").asInt()).isEqualTo(1);
        assertThat(first.get("packets").get(0).asString()).isEqualTo(String.format("%04x", MapToChar.SAVE_CHARACTER));
        assertThat(first.get("record").get("name").asString()).isEqualTo("Alice");
        assertThat(first.get("record").get("baseLevel").asInt()).isEqualTo(42);
        assertThat(first.get("record").get("zeny").asInt()).isEqualTo(777);
        assertThat(first.get("record").get("map").asString()).isEqualTo("prt_fild08");

        assertThat(json(post("journal/" + CHARACTER + ":release", "{}", Role.OPERATOR))
                        .get("found")
                        .asBoolean())
                .isTrue();
        assertThat(json(post("journal/" + CHARACTER + ":discard", "{\"reason\":\"test\"}", Role.OPERATOR))
                        .get("found")
                        .asBoolean())
                .isTrue();
        await().until(() -> rows(CHARACTER) == 0);
        assertThat(rows(OTHER)).as("nobody else's").isEqualTo(1);
        assertThat(json(post("journal/" + CHARACTER + ":discard", "{\"reason\":\"test\"}", Role.OPERATOR))
                        .get("found")
                        .asBoolean())
                .isFalse();
        AuditTopic.await("journal.release", "character:" + CHARACTER, 1);
        AuditTopic.await("journal.discard", "character:" + CHARACTER, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,journal,HOST,403",
        "GET,journal/150001,VIEWER,403",
        "POST,journal/150001:discard,VIEWER,403",
        "POST,journal/150001:release,VIEWER,403",
        "GET,journal?limit=0,VIEWER,400",
        "GET,journal/x,OPERATOR,400",
        "POST,journal/150001:discard,OPERATOR,400"
    })
    void whoMayNotOrAsksWronglyIsRefused(String method, String path, Role role, int status) throws Exception {
        HttpResponse<String> answer = method.equals("GET") ? get(path, role) : post(path, "{}", role);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private static HttpResponse<String> get(String path, Role role) throws Exception {
        return send(request(path, role).GET());
    }

    private static HttpResponse<String> post(String path, String body, Role role) throws Exception {
        return send(request(path, role)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String path, Role role) {
        return HttpRequest.newBuilder(URI.create(dbProxy.url() + "/api/v1/" + path))
                .header("Authorization", "Bearer " + tokens.access("somebody", role));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
