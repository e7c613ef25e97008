package io.p2phost.demo;

import io.p2phost.contracts.Json;
import java.io.IOException;
import java.net.URI;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The suite's public API, as an operator's program uses it. Each call is one attempt within its deadline. */
final class Api {
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(6);
    private static final int MAX_PAGES = 100;

    private final URI base;
    private final String key;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    Api(URI gateway, String key) {
        this.base = gateway;
        this.key = key;
    }

    URI gateway() {
        return base;
    }

    /** An answer of any status. */
    record Answer(int status, String text) {
        boolean ok() {
            return status / 100 == 2;
        }

        JsonNode json() {
            try {
                return text.isBlank()
                        ? Json.mapper().createObjectNode()
                        : Json.mapper().readTree(text);
            } catch (JacksonException e) {
                throw new DemoFailure(
                        "the answer is no JSON: " + text.lines().findFirst().orElse(""), e);
            }
        }

        /** Last part of the problem's type. */
        String slug() {
            String type = json().path("type").asString("");
            return type.substring(type.lastIndexOf('/') + 1);
        }

        String inWords() {
            return status + " " + json().path("title").asString("") + ": "
                    + json().path("detail").asString("");
        }
    }

    Answer send(String method, String path, BodyPublisher body, String contentType) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/" + path))
                .timeout(CALL_DEADLINE)
                .method(method, body)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", contentType)
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new DemoFailure(
                    method + " " + path + ": no answer from " + base + " ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", e);
        }
    }

    /** GET that must succeed. */
    JsonNode get(String path) {
        return expectOk("GET", path, send("GET", path, BodyPublishers.noBody(), "application/json"))
                .json();
    }

    String getText(String path) {
        return expectOk("GET", path, send("GET", path, BodyPublishers.noBody(), "application/json"))
                .text();
    }

    /** All items of a list. */
    List<JsonNode> all(String path) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < MAX_PAGES; page++) {
            JsonNode answer =
                    get(cursor.isEmpty() ? path : path + (path.contains("?") ? "&" : "?") + "cursor=" + cursor);
            answer.path("items").forEach(items::add);
            cursor = answer.path("nextCursor").asString("");
            if (cursor.isEmpty()) {
                break;
            }
        }
        return items;
    }

    Answer post(String path, Object body) {
        return send("POST", path, BodyPublishers.ofString(Json.mapper().writeValueAsString(body)), "application/json");
    }

    JsonNode postOk(String path, Object body) {
        return expectOk("POST", path, post(path, body)).json();
    }

    JsonNode putOk(String path, Object body) {
        return expectOk(
                        "PUT",
                        path,
                        send(
                                "PUT",
                                path,
                                BodyPublishers.ofString(Json.mapper().writeValueAsString(body)),
                                "application/json"))
                .json();
    }

    JsonNode putText(String path, String text) {
        return expectOk("PUT", path, send("PUT", path, BodyPublishers.ofString(text), "text/plain; charset=utf-8"))
                .json();
    }

    void delete(String path) {
        Answer answer = send("DELETE", path, BodyPublishers.noBody(), "application/json");
        if (answer.status() != 404) {
            expectOk("DELETE", path, answer);
        }
    }

    private static Answer expectOk(String method, String path, Answer answer) {
        if (!answer.ok()) {
            throw new DemoFailure(method + " " + path + ": " + answer.inWords());
        }
        return answer;
    }
}
