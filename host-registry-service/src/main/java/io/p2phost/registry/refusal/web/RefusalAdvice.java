package io.p2phost.registry.refusal.web;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.trace.Trace;
import io.p2phost.registry.refusal.Refused;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class RefusalAdvice {
    private static final String RETRY_AFTER_SECONDS = "1";

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> refused(Refused refusal) {
        return answer(refusal.type(), refusal.detail(), refusal.properties());
    }

    private static ResponseEntity<Map<String, Object>> answer(
            ProblemType type, String detail, Map<String, Object> properties) {
        Map<String, Object> document = new LinkedHashMap<>(properties);
        document.put("type", type.uri().toString());
        document.put("title", type.title());
        document.put("status", type.status());
        document.put("detail", detail);
        document.put("traceId", Trace.currentOrNew().substring(3, 35));
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(type.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (type.status() == 429 || type.status() == 503) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return answer.body(document);
    }
}
