package io.p2phost.kit.web;

import io.p2phost.contracts.problem.ProblemType;
import java.util.Map;

/** A refusal that becomes a problem document (RFC 9457). The detail is shown to the caller: it names value and expectation. */
public final class ProblemException extends RuntimeException {
    private final ProblemType type;
    private final transient Map<String, Object> properties;

    public ProblemException(ProblemType type, String detail) {
        this(type, detail, Map.of());
    }

    /**
     * Creates a refusal with further members.
     *
     * @param properties further members of the document, e.g. {@code errors}
     */
    public ProblemException(ProblemType type, String detail, Map<String, ?> properties) {
        super(detail, null, false, false);
        this.type = type;
        this.properties = Map.copyOf(properties);
    }

    public ProblemType type() {
        return type;
    }

    public Map<String, Object> properties() {
        return properties;
    }
}
