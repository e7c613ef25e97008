package io.p2phost.kit.client;

import java.util.Map;

/** Another service refused: its HTTP status and problem document (RFC 9457; empty when the body was none). */
public final class PeerProblemException extends RuntimeException {
    private final String peer;
    private final int status;
    private final transient Map<String, Object> problem;

    public PeerProblemException(String peer, int status, Map<String, Object> problem) {
        super(peer + " answered " + status + ": " + problem.getOrDefault("detail", "no detail"));
        this.peer = peer;
        this.status = status;
        this.problem = Map.copyOf(problem);
    }

    public String peer() {
        return peer;
    }

    public int status() {
        return status;
    }

    public Map<String, Object> problem() {
        return problem;
    }

    /** Whether the problem is of that type, by the last part of its {@code type}. */
    public boolean isType(String slug) {
        return String.valueOf(problem.get("type")).endsWith("/" + slug);
    }
}
