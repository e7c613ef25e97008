package io.p2phost.dbproxy.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.AuditTopic;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Finds of a whole db-proxy on PostgreSQL, and operators who decide them; also the contract of finds. */
class QuarantineIT extends FindsContract {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static TestService dbProxy;
    private static Map<String, String> settings;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        settings = new HashMap<>(TestService.databaseSettings(ServiceName.DB_PROXY));
        settings.put("p2p.db-proxy.port", "0");
        settings.put("p2p.db-proxy.vps.port", "0");
        settings.put("p2p.db-proxy.saves.rare-items", "4001-4700,2357");
        dbProxy = TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        dbProxy.close();
        tokens.close();
    }

    @AfterEach
    void empty() throws SQLException {
        try (Connection database = database();
                PreparedStatement delete = database.prepareStatement("delete from found_item")) {
            delete.executeUpdate();
        }
    }

    private static Connection database() throws SQLException {
        return DriverManager.getConnection(
                settings.get("spring.datasource.url"),
                settings.get("spring.datasource.username"),
                settings.get("spring.datasource.password"));
    }

    @Override
    protected Finds finds() {
        return dbProxy.context().getBean(Finds.class);
    }

    @Override
    protected void add(Find find) {
        try (Connection database = database();
                PreparedStatement insert = database.prepareStatement(
                        "insert into found_item (id, account_id, character_id, item_id, amount, host_id, map, epoch,"
                                + " found_at) values (?, ?, ?, ?, ?, ?, ?, 1, ?)")) {
            insert.setObject(1, find.id());
            insert.setInt(2, find.accountId());
            insert.setInt(3, find.characterId());
            insert.setInt(4, find.itemId());
            insert.setInt(5, find.amount());
            insert.setString(6, find.hostId().value());
            insert.setString(7, find.map().value());
            insert.setObject(8, find.foundAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void operatorSeesConfirmsAndRefusesThem() throws Exception {
        Find first = waiting(7, NOW);
        Find second = waiting(8, NOW.plusSeconds(1));
        add(first);
        add(second);
        JsonNode all = json(get("quarantine?limit=1", Role.OPERATOR));
        assertThat(all.get("waiting").asInt()).isEqualTo(2);
        assertThat(all.get("finds")).hasSize(1);
        JsonNode shown = all.get("finds").get(0);
        assertThat(shown.get("id").asString()).isEqualTo(first.id().toString());
        assertThat(shown.get("itemId").asInt()).isEqualTo(4_001);
        assertThat(shown.get("amount").asInt()).isEqualTo(2);
        assertThat(shown.get("hostId").asString()).isEqualTo(HOST.value());
        assertThat(shown.has("decidedBy")).isFalse();

        assertThat(json(post("quarantine/" + first.id() + ":confirm", "{}", Role.OPERATOR))
                        .get("state")
                        .asString())
                .isEqualTo("CONFIRMED");
        assertThat(post("quarantine/" + first.id() + ":refuse", "{\"reason\":\"no\"}", Role.OPERATOR)
                        .statusCode())
                .isEqualTo(404);
        assertThat(json(post("quarantine/" + second.id() + ":refuse", "{\"reason\":\"stolen\"}", Role.OPERATOR))
                        .get("reason")
                        .asString())
                .isEqualTo("stolen");
        assertThat(json(get("quarantine?state=REFUSED&account=8", Role.OPERATOR))
                        .get("finds"))
                .hasSize(1);
        AuditTopic.await("quarantine.confirmed", "account:7", 1);
        AuditTopic.await("quarantine.refused", "account:8", 1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,quarantine,VIEWER,403",
        "GET,quarantine,HOST,403",
        "POST,quarantine/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11:confirm,VIEWER,403",
        "POST,quarantine/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11:confirm,OPERATOR,404",
        "POST,quarantine/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11:refuse,OPERATOR,400",
        "POST,quarantine/7:confirm,OPERATOR,400",
        "GET,quarantine?limit=201,OPERATOR,400",
        "GET,quarantine?state=LOST,OPERATOR,400"
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
