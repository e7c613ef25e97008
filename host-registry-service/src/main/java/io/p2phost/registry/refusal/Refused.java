package io.p2phost.registry.refusal;

import io.p2phost.contracts.problem.ProblemType;
import java.util.Map;

/**
 * A request that the rules do not allow. The detail is shown to the caller; an open transaction is rolled back.
 */
public final class Refused extends RuntimeException {
    private final ProblemType type;
    private final transient Map<String, Object> properties;

    public Refused(ProblemType type, String detail) {
        this(type, detail, Map.of());
    }

    /**
     * Creates a refusal with more than a sentence.
     *
     * @param properties further members of the problem document, e.g. {@code errors}
     */
    public Refused(ProblemType type, String detail, Map<String, ?> properties) {
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

    public String detail() {
        return String.valueOf(getMessage());
    }
}
