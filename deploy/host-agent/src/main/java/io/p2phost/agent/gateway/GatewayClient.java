package io.p2phost.agent.gateway;

import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayException.Refused;
import io.p2phost.agent.gateway.GatewayException.Unreachable;
import io.p2phost.agent.gateway.Messages.Certificate;
import io.p2phost.agent.gateway.Messages.CertificateRequest;
import io.p2phost.agent.gateway.Messages.Heartbeat;
import io.p2phost.agent.gateway.Messages.HeartbeatAnswer;
import io.p2phost.agent.gateway.Messages.Redeemed;
import io.p2phost.agent.gateway.Messages.Redemption;
import io.p2phost.agent.gateway.Messages.Requirements;
import io.p2phost.agent.gateway.Messages.SessionGrant;
import io.p2phost.agent.gateway.Messages.SessionRequest;
import io.p2phost.agent.gateway.Messages.Token;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.Text;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The gateway's REST as the agent uses it. One call is one attempt within its deadline; trying again is the caller's
 * decision. Throws {@link GatewayException} only.
 */
public final class GatewayClient implements AutoCloseable {
    /** Longer than any healthy answer, shorter than the lease, so that a hanging gateway does not look like our own slip. */
    public static final Duration CALL_DEADLINE = Duration.ofSeconds(4);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final long MAX_ANSWER_BYTES = 1024 * 1024;
    private static final String JSON = "application/json";

    private final URI base;
    private final Time time;
    private final HttpClient http;
    private volatile Duration serverAhead = Duration.ZERO;

    public GatewayClient(URI gateway, Time time) {
        String text = gateway.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.time = time;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The server's time, judged by the {@code Date} of its last answer: a player's clock may be wrong by hours. */
    public Instant serverNow() {
        return time.instant().plus(serverAhead);
    }

    public Redeemed redeem(String code, Redemption redemption) {
        return send("POST", "enrolments/" + encode(code) + ":redeem", null, json(redemption), JSON, Redeemed.class);
    }

    /** Exchanges an assertion for an access token (RFC 7523). */
    public Token token(String assertion) {
        String form = "grant_type=" + encode("urn:ietf:params:oauth:grant-type:jwt-bearer") + "&assertion="
                + encode(assertion);
        return send(
                "POST",
                "auth/token",
                null,
                BodyPublishers.ofString(form),
                "application/x-www-form-urlencoded",
                Token.class);
    }

    public Certificate certificate(HostId host, String token, String csr) {
        return send(
                "POST",
                "hosts/" + host + "/certificates",
                token,
                json(new CertificateRequest(csr)),
                JSON,
                Certificate.class);
    }

    public SessionGrant openSession(HostId host, String token, SessionRequest request) {
        return send("PUT", "hosts/" + host + "/session", token, json(request), JSON, SessionGrant.class);
    }

    public Requirements requirements(HostId host, String token) {
        String answer =
                exchange("GET", "hosts/" + host + "/requirements", token, BodyPublishers.noBody(), null, CALL_DEADLINE);
        return read("GET requirements", answer, Requirements.class);
    }

    /** The server forgets this host. */
    public void unenroll(HostId host, String token) {
        exchange("DELETE", "hosts/" + host, token, BodyPublishers.noBody(), null, CALL_DEADLINE);
    }

    /** Ends the session, unless it is another run's by now. */
    public void closeSession(HostId host, String token, UUID run) {
        exchange(
                "DELETE",
                "hosts/" + host + "/session?run=" + run,
                token,
                BodyPublishers.noBody(),
                null,
                Duration.ofSeconds(2));
    }

    public HeartbeatAnswer heartbeat(HostId host, String token, Heartbeat heartbeat) {
        return send("PUT", "hosts/" + host + "/heartbeat", token, json(heartbeat), JSON, HeartbeatAnswer.class);
    }

    /**
     * A file as it is.
     *
     * @param deadline until its last byte
     */
    public byte[] bytes(String path, String token, int mostBytes, Duration deadline) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("api/v1/" + path))
                .timeout(deadline)
                .header("Accept", "application/octet-stream, " + JSON + ", application/problem+json")
                .header("Authorization", "Bearer " + token)
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes));
        try {
            // The client's own time-out ends with the headers.
            HttpResponse<byte[]> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() / 100 != 2) {
                throw refusal(response, new String(response.body(), StandardCharsets.UTF_8));
            }
            return response.body();
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Unreachable("GET " + path + ": not here within " + deadline.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            IOException cause = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            throw new Unreachable("gateway " + base + " cannot be reached: " + describe(cause), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted", e);
        }
    }

    private <T> T send(
            String method, String path, @Nullable String token, BodyPublisher body, String contentType, Class<T> type) {
        return read(method + " " + path, exchange(method, path, token, body, contentType, CALL_DEADLINE), type);
    }

    private static <T> T read(String call, String answer, Class<T> type) {
        try {
            T value = Json.mapper().readValue(answer, type);
            if (value == null) {
                throw new Unreachable(call + ": empty answer");
            }
            return value;
        } catch (JacksonException e) {
            throw new Unreachable(call + ": answer not understood: " + e.getOriginalMessage(), e);
        }
    }

    private String exchange(
            String method,
            String path,
            @Nullable String token,
            BodyPublisher body,
            @Nullable String contentType,
            Duration deadline) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("api/v1/" + path))
                .timeout(deadline)
                .method(method, body)
                .header("Accept", JSON + ", application/problem+json");
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response;
        try {
            response = http.send(
                    request.build(),
                    BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
        } catch (IOException e) {
            throw new Unreachable("gateway " + base + " cannot be reached: " + describe(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted", e);
        }
        response.headers().firstValue("Date").ifPresent(this::learnServerTime);
        if (response.statusCode() / 100 != 2) {
            throw refusal(response, response.body());
        }
        return response.body();
    }

    private void learnServerTime(String date) {
        try {
            Instant server = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration ahead = Duration.between(time.instant(), server);
            // The header has whole seconds: small differences are its rounding, not a wrong clock.
            serverAhead = ahead.abs().compareTo(Duration.ofSeconds(2)) > 0 ? ahead : Duration.ZERO;
        } catch (DateTimeException e) {
            serverAhead = Duration.ZERO;
        }
    }

    private static Refused refusal(HttpResponse<?> response, String body) {
        int status = response.statusCode();
        String slug = "";
        String message = "the server answered " + status;
        List<Shortfall> shortfalls = new ArrayList<>();
        try {
            JsonNode problem = Json.mapper().readTree(body);
            String type = problem.path("type").asString("");
            slug = type.substring(type.lastIndexOf('/') + 1);
            String title = problem.path("title").asString("");
            String detail = problem.path("detail").asString("");
            if (!title.isEmpty() || !detail.isEmpty()) {
                message = printable(title.isEmpty() || detail.isEmpty() ? title + detail : title + ": " + detail);
            }
            for (JsonNode error : problem.path("errors")) {
                shortfalls.add(new Shortfall(
                        printable(error.path("requirement").asString("?")),
                        printable(error.path("required").asString("?")),
                        printable(error.path("actual").asString("?"))));
            }
        } catch (JacksonException e) {
            // Not one of ours: a proxy in between, perhaps. The status has to do.
        }
        return new Refused(status, slug, message, List.copyOf(shortfalls), retryAfter(response));
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    private static String printable(String text) {
        return text.length() > 300 ? clean(text.substring(0, 300)) + "…" : clean(text);
    }

    private static String clean(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String describe(IOException e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : " " + Text.quote(message));
    }

    private static BodyPublisher json(Object body) {
        return BodyPublishers.ofString(Json.mapper().writeValueAsString(body));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
