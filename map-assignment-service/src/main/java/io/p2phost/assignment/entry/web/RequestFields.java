package io.p2phost.assignment.entry.web;

import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.ProblemException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What requests about a player and a map have in common. */
final class RequestFields {
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private RequestFields() {}

    static UUID requestId(@Nullable String text) {
        if (text == null || !UUID_TEXT.matcher(text).matches()) {
            throw invalid("requestId: " + shown(text) + " (expected: a UUID)");
        }
        return UUID.fromString(text);
    }

    static long account(@Nullable Long accountId) {
        if (accountId == null || accountId < 1) {
            throw invalid("accountId: " + (accountId == null ? "missing" : accountId) + " (expected: >= 1)");
        }
        return accountId;
    }

    static @Nullable String region(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!REGION.matcher(text).matches()) {
            throw invalid("region: " + shown(text) + " (expected: 1 to 32 letters, digits, _ or -)");
        }
        return text;
    }

    private static String shown(@Nullable String text) {
        return text == null ? "missing" : Text.quote(text);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_VALUE, detail);
    }

    static ProblemException reused(UUID requestId) {
        return new ProblemException(
                ProblemType.CONFLICT,
                "requestId: " + requestId + " was used for another map or account (expected: a new id every time)");
    }
}
