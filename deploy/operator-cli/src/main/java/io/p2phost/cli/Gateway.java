package io.p2phost.cli;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Calls to the gateway, one attempt each: an operator sees the outcome and decides. */
final class Gateway implements AutoCloseable {
    /** Longer than the gateway's own deadline towards the services. */
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(30);

    private static final int CHUNK_ATTEMPTS = 30;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final long MAX_ANSWER_BYTES = 64L * 1024 * 1024;

    /** A list longer than this many pages is cut, with a word about it. */
    static final int MAX_PAGES = 1000;

    private final URI base;
    private final String key;
    private final HttpClient http;

    Gateway(URI gateway, String key) {
        String text = gateway.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.key = key;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    JsonNode get(String path) {
        return parse(exchange("GET", path, null, null));
    }

    /** The answer as it is, for files. */
    String getText(String path) {
        return exchange("GET", path, null, null);
    }

    JsonNode post(String path, @Nullable Object body) {
        return parse(exchange("POST", path, body == null ? null : json(body), "application/json"));
    }

    JsonNode put(String path, Object body) {
        return parse(exchange("PUT", path, json(body), "application/json"));
    }

    JsonNode putText(String path, String text) {
        return parse(exchange("PUT", path, BodyPublishers.ofString(text), "text/plain; charset=utf-8"));
    }

    /** JSON as it stands in a file, byte by byte. */
    JsonNode putBytes(String path, byte[] json) {
        return parse(exchange("PUT", path, BodyPublishers.ofByteArray(json), "application/json"));
    }

    /** A piece of a bundle. It is named by its content and may be sent again, so a word to wait is obeyed. */
    void putChunk(String path, byte[] content) {
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> response =
                    send("PUT", path, BodyPublishers.ofByteArray(content), "application/octet-stream");
            boolean later = response.statusCode() == 429 || response.statusCode() == 503;
            if (!later || attempt == CHUNK_ATTEMPTS) {
                checked(response);
                return;
            }
            pause(response.headers().firstValue("Retry-After").orElse("1"));
        }
    }

    private static void pause(String seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds.matches("[0-9]{1,2}") ? Math.clamp(Long.parseLong(seconds), 1, 10) : 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(CliFailure.UNREACHABLE, "interrupted", e);
        }
    }

    void delete(String path) {
        exchange("DELETE", path, null, null);
    }

    /** All items of a list, page by page; a plain array counts as one page. */
    List<JsonNode> all(String path) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < MAX_PAGES; page++) {
            String separator = path.indexOf('?') < 0 ? "?" : "&";
            JsonNode answer = get(cursor.isEmpty() ? path : path + separator + "cursor=" + encode(cursor));
            (answer.isArray() ? answer : answer.path("items")).forEach(items::add);
            cursor = answer.path("nextCursor").asString("");
            if (cursor.isEmpty()) {
                return items;
            }
        }
        throw new CliFailure(CliFailure.REFUSED, "the list has more than " + MAX_PAGES + " pages; narrow it");
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static BodyPublisher json(Object body) {
        return BodyPublishers.ofString(Json.mapper().writeValueAsString(body));
    }

    private String exchange(String method, String path, @Nullable BodyPublisher body, @Nullable String contentType) {
        return checked(send(method, path, body, contentType));
    }

    private HttpResponse<String> send(
            String method, String path, @Nullable BodyPublisher body, @Nullable String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("api/v1/" + path))
                .timeout(CALL_DEADLINE)
                .method(method, body == null ? BodyPublishers.noBody() : body)
                .header("Accept", "application/json, application/problem+json, text/plain")
                .header("Authorization", "Bearer " + key);
        if (!method.equals("GET")) {
            request.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        if (body != null && contentType != null) {
            request.header("Content-Type", contentType);
        }
        try {
            return http.send(
                    request.build(),
                    BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
        } catch (IOException e) {
            throw new CliFailure(
                    CliFailure.UNREACHABLE,
                    "the gateway at " + base + " cannot be reached: "
                            + e.getClass().getSimpleName()
                            + (e.getMessage() == null ? "" : " " + Text.quote(e.getMessage())),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(CliFailure.UNREACHABLE, "interrupted", e);
        }
    }

    private static String checked(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new CliFailure(CliFailure.REFUSED, Problem.inWords(response.statusCode(), response.body()));
        }
        return response.body();
    }

    private static JsonNode parse(String body) {
        try {
            return body.isBlank()
                    ? Json.mapper().createObjectNode()
                    : Json.mapper().readTree(body);
        } catch (JacksonException e) {
            throw new CliFailure(CliFailure.REFUSED, "the answer is no JSON: " + Text.quote(body), e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** Adds query parameters that are set. */
    static String query(String path, @Nullable String... namesAndValues) {
        StringJoiner query = new StringJoiner("&", path + "?", "").setEmptyValue(path);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            if (value != null) {
                query.add(namesAndValues[i] + "=" + encode(value));
            }
        }
        return query.toString();
    }
}
