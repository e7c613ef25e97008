package io.p2phost.kit.trace;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/** The W3C trace context (traceparent) of the work a thread is doing, carried in the logging context. */
public final class Trace {
    /** Name of the header and of the logging context's key. */
    public static final String HEADER = "traceparent";

    private static final Pattern VALID = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private Trace() {}

    /** The current trace, or a new one when there is none. */
    public static String currentOrNew() {
        String current = MDC.get(HEADER);
        return current == null ? create() : current;
    }

    public static String create() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return String.format(
                "00-%016x%016x-%016x-01",
                random.nextLong(1, Long.MAX_VALUE), random.nextLong(), random.nextLong(1, Long.MAX_VALUE));
    }

    public static boolean isValid(String traceparent) {
        return VALID.matcher(traceparent).matches();
    }

    /** Makes the given trace (or a new one, if it is null or malformed) current until the scope is closed. */
    public static Scope open(@org.jspecify.annotations.Nullable String traceparent) {
        String before = MDC.get(HEADER);
        MDC.put(HEADER, traceparent != null && isValid(traceparent) ? traceparent : create());
        return () -> {
            if (before == null) {
                MDC.remove(HEADER);
            } else {
                MDC.put(HEADER, before);
            }
        };
    }

    /** Ends the trace that was opened. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
