package io.p2phost.kit.web;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** Turns every failure of a handler into a problem document; nothing of our inside is shown. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice {
    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> refused(ProblemException e) {
        return answer(e.type(), String.valueOf(e.getMessage()), e.properties());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> unreadable(HttpMessageNotReadableException e) {
        Throwable root = e.getRootCause();
        if (root instanceof BodyTooLargeException tooLong) {
            return tooLarge(tooLong);
        }
        if (root instanceof IllegalArgumentException invalid && invalid.getMessage() != null) {
            return answer(ProblemType.INVALID_VALUE, invalid.getMessage(), Map.of());
        }
        if (e.getCause() instanceof JacksonException json) {
            return answer(ProblemType.MALFORMED_REQUEST, JsonFaults.describe(json), Map.of());
        }
        return answer(ProblemType.MALFORMED_REQUEST, "the body is missing or cannot be read", Map.of());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> tooLarge(BodyTooLargeException e) {
        return answer(ProblemType.TOO_LARGE, String.valueOf(e.getMessage()), Map.of());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> invalid(MethodArgumentNotValidException e) {
        List<String> errors = e.getFieldErrors().stream()
                .map(f -> f.getField() + ": " + f.getRejectedValue() + " (expected: " + f.getDefaultMessage() + ")")
                .sorted()
                .toList();
        return answer(ProblemType.INVALID_VALUE, String.join("; ", errors), Map.of("errors", errors));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> mismatch(MethodArgumentTypeMismatchException e) {
        Throwable root = e.getRootCause();
        String detail = root instanceof IllegalArgumentException
                        && root.getMessage() != null
                        && root.getMessage().contains("(expected:")
                ? root.getMessage()
                : e.getName() + ": not of the expected form";
        return answer(ProblemType.INVALID_VALUE, detail, Map.of());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> peerAway(PeerUnavailableException e) {
        return answer(ProblemType.UNAVAILABLE, e.peer() + " is not available", Map.of());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> peerRefused(PeerProblemException e) {
        log.warn("unhandled refusal: {}", e.getMessage());
        return answer(ProblemType.UNAVAILABLE, e.peer() + " refused an internal call", Map.of());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> other(Exception e) {
        if (e instanceof ErrorResponse response) {
            HttpStatusCode status = response.getStatusCode();
            String detail = response.getBody().getDetail();
            ResponseEntity<Map<String, Object>> answer = answer(
                    Problems.forStatus(status.value()),
                    detail == null ? "the request was not accepted" : detail,
                    Map.of());
            HttpHeaders headers = new HttpHeaders();
            headers.putAll(response.getHeaders());
            headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
            return new ResponseEntity<>(answer.getBody(), headers, answer.getStatusCode());
        }
        if (DatabaseFaults.isUnavailable(e)) {
            log.warn("database not available: {}", e.getMessage());
            return answer(ProblemType.UNAVAILABLE, "the database is not available", Map.of());
        }
        log.error("unexpected failure", e);
        return answer(ProblemType.INTERNAL, "the failure was recorded under this traceId", Map.of());
    }

    private static ResponseEntity<Map<String, Object>> answer(ProblemType type, String detail, Map<String, ?> more) {
        ResponseEntity.BodyBuilder builder =
                ResponseEntity.status(type.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (type.status() == 503 || type.status() == 429) {
            builder.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return builder.body(Problems.document(type, detail, more));
    }
}
