package io.p2phost.standalone.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds whose line it is by the context class loader of the logging thread: every thread that a service starts inherits
 * the service's loader, or one below it (Tomcat's). Threads of nobody write to the launcher's file.
 */
final class TaggingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final Map<String, ? extends Appender<ILoggingEvent>> byLoader;
    private final Appender<ILoggingEvent> other;

    TaggingAppender(Map<String, ? extends Appender<ILoggingEvent>> byLoader, Appender<ILoggingEvent> other) {
        this.byLoader = Map.copyOf(byLoader);
        this.other = other;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Appender<ILoggingEvent> owner = owner(Thread.currentThread().getContextClassLoader());
        owner.doAppend(event);
    }

    @Override
    public void stop() {
        byLoader.values().forEach(Appender::stop);
        other.stop();
        super.stop();
    }

    private Appender<ILoggingEvent> owner(@Nullable ClassLoader from) {
        for (ClassLoader loader = from; loader != null; loader = loader.getParent()) {
            String name = loader.getName();
            if (name != null && byLoader.containsKey(name)) {
                return byLoader.get(name);
            }
        }
        return other;
    }
}
