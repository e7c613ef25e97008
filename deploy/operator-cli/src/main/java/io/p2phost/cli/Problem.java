package io.p2phost.cli;

import io.p2phost.contracts.Json;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Problem documents (RFC 9457) as an operator reads them: one sentence, then each single error on its own line. */
final class Problem {
    private Problem() {}

    static String inWords(int status, String body) {
        JsonNode problem;
        try {
            problem = Json.mapper().readTree(body);
        } catch (JacksonException e) {
            return "refused: the server answered " + status;
        }
        String title = Printable.of(problem.path("title").asString(""));
        String detail = Printable.of(problem.path("detail").asString(""));
        StringBuilder text = new StringBuilder("refused: ");
        if (title.isEmpty() && detail.isEmpty()) {
            text.append("the server answered ").append(status);
        } else {
            text.append(title)
                    .append(title.isEmpty() || detail.isEmpty() ? "" : ": ")
                    .append(detail);
            text.append(" (").append(status).append(')');
        }
        for (JsonNode error : problem.path("errors")) {
            text.append(System.lineSeparator()).append("  - ").append(line(error));
        }
        return text.toString();
    }

    private static String line(JsonNode error) {
        if (error.isObject()) {
            JsonNode message = error.path("message");
            return Printable.of(
                    message.isString()
                            ? message.stringValue()
                            : error.properties().stream()
                                    .map(entry -> entry.getKey() + " " + plain(entry.getValue()))
                                    .collect(Collectors.joining(", ")));
        }
        return Printable.of(plain(error));
    }

    private static String plain(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }
}
