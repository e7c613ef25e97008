package io.p2phost.gateway.problem;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.problem.ProblemType;
import java.util.LinkedHashMap;
import java.util.Map;

/** Problem documents (RFC 9457) as bytes, in the form that all services use. */
public final class ProblemDocument {
    public static final String MEDIA_TYPE = "application/problem+json";

    private ProblemDocument() {}

    /**
     * Writes a document.
     *
     * @param traceparent the request's trace; its trace id is shown
     */
    public static byte[] of(ProblemType type, String detail, String traceparent) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", type.uri().toString());
        document.put("title", type.title());
        document.put("status", type.status());
        document.put("detail", detail);
        document.put("traceId", traceId(traceparent));
        return Json.mapper().writeValueAsBytes(document);
    }

    /** The trace id inside a valid traceparent. */
    public static String traceId(String traceparent) {
        return traceparent.substring(3, 35);
    }
}
