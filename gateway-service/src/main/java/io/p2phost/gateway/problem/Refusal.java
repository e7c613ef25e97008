package io.p2phost.gateway.problem;

import io.p2phost.contracts.problem.ProblemType;
import java.util.Map;

/** The gateway itself says no; without a stack trace, because hostile input must be cheap. */
public final class Refusal extends Exception {
    private final ProblemType type;
    private final transient Map<String, String> headers;

    public Refusal(ProblemType type, String detail) {
        this(type, detail, Map.of());
    }

    /**
     * Creates a refusal.
     *
     * @param headers response headers that belong to it, e.g. {@code Retry-After}
     */
    public Refusal(ProblemType type, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.type = type;
        this.headers = Map.copyOf(headers);
    }

    /** A refusal that tells when to try again. */
    public static Refusal retryLater(ProblemType type, String detail, long seconds) {
        return new Refusal(type, detail, Map.of("Retry-After", Long.toString(Math.max(1, seconds))));
    }

    public ProblemType type() {
        return type;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public Map<String, String> headers() {
        return headers;
    }
}
