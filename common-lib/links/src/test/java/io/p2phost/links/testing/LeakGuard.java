package io.p2phost.links.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a test class in which a buffer was dropped without being released. */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {
    private static final String LEAK_LOGGER = "io.netty.util.ResourceLeakDetector";

    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            leaks.add(event.getFormattedMessage());
        }
    };

    @Override
    public void beforeAll(ExtensionContext context) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        appender.start();
        ((Logger) LoggerFactory.getLogger(LEAK_LOGGER)).addAppender(appender);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // A leak is found when the lost buffer is collected and the next one is allocated.
        for (int i = 0; i < 3; i++) {
            System.gc();
            io.netty.buffer.PooledByteBufAllocator.DEFAULT.buffer(16).release();
            io.netty.buffer.ByteBufAllocator.DEFAULT.buffer(16).release();
        }
        ((Logger) LoggerFactory.getLogger(LEAK_LOGGER)).detachAppender(appender);
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked buffers, first: " + leaks.getFirst());
        }
    }
}
