package io.p2phost.kit.web;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;

/** Problem documents as maps, written the same way wherever one is made. */
final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problems() {}

    static Map<String, Object> document(ProblemType type, String detail, Map<String, ?> properties) {
        Map<String, Object> document = new LinkedHashMap<>(properties);
        document.put("type", type.uri().toString());
        document.put("title", type.title());
        document.put("status", type.status());
        document.put("detail", detail);
        document.put("traceId", Trace.currentOrNew().substring(3, 35));
        return document;
    }

    /** The type that fits a status for which no handler of ours named one. */
    static ProblemType forStatus(int status) {
        return switch (status) {
            case 401 -> ProblemType.UNAUTHENTICATED;
            case 403 -> ProblemType.FORBIDDEN;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 409 -> ProblemType.CONFLICT;
            case 413 -> ProblemType.TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> ProblemType.TOO_MANY_REQUESTS;
            case 503 -> ProblemType.UNAVAILABLE;
            case 504 -> ProblemType.DEADLINE_EXCEEDED;
            default -> status >= 400 && status < 500 ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL;
        };
    }
}
