package io.p2phost.agent.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Why a call to the gateway gave no result. */
public abstract sealed class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private GatewayException(String message, Throwable cause) {
        super(message, cause);
    }

    private GatewayException(String message) {
        super(message);
    }

    /** No answer, or one that makes no sense. Trying again later may help. */
    public static final class Unreachable extends GatewayException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }

        public Unreachable(String message) {
            super(message);
        }
    }

    /** The server answered no, with an RFC 9457 document. */
    public static final class Refused extends GatewayException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String slug;
        private final transient List<Shortfall> shortfalls;
        private final transient Optional<Duration> retryAfter;

        Refused(int status, String slug, String message, List<Shortfall> shortfalls, Optional<Duration> retryAfter) {
            super(message);
            this.status = status;
            this.slug = slug;
            this.shortfalls = shortfalls;
            this.retryAfter = retryAfter;
        }

        public int status() {
            return status;
        }

        /** Last part of the problem's type, such as {@code below-minimum}; empty if the answer was no problem document. */
        public String slug() {
            return slug;
        }

        /** What the machine lacks, at {@code below-minimum}. */
        public List<Shortfall> shortfalls() {
            return shortfalls;
        }

        public Optional<Duration> retryAfter() {
            return retryAfter;
        }

        /** Whether the server itself may answer otherwise later: overload and faults of its own. */
        public boolean temporary() {
            return status >= 500 || status == 429 || status == 408 || status == 409;
        }
    }
}
