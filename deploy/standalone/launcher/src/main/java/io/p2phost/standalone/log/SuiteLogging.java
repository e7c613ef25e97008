package io.p2phost.standalone.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.p2phost.standalone.home.Home;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Logback for everything in this JVM, configured once. Services share its classes, so each leaving it alone (Boot's
 * logging system is off) is what keeps seven contexts from configuring one another away.
 */
public final class SuiteLogging {
    public static final String LAUNCHER = "launcher";

    private static final long FILE_BYTES = 10L << 20;
    private static final int OLD_FILES = 3;
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{40} - %msg%n";

    /** Loggers that print hundreds of lines at every start and are asked for by nobody. */
    private static final List<String> TALKATIVE = List.of(
            "org.apache.kafka.common.config",
            "org.apache.kafka.common.utils.AppInfoParser",
            "org.apache.kafka.clients",
            "org.apache.kafka.storage.internals.log",
            "org.apache.kafka.server.config",
            "kafka.server.KafkaConfig",
            "kafka.log",
            "state.change.logger",
            "org.springframework.boot.autoconfigure",
            "org.hibernate.orm.connections.pooling");

    private SuiteLogging() {}

    /** Sends lines to {@code logs/<part>.log} by the class loader that their thread works for. */
    public static void configure(Home home, List<String> loaderNames) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Map<String, RollingFileAppender<ILoggingEvent>> files = new HashMap<>();
        for (String name : loaderNames) {
            files.put(name, file(context, home, name));
        }
        TaggingAppender tagging = new TaggingAppender(files, file(context, home, LAUNCHER));
        tagging.setContext(context);
        tagging.setName("suite");
        tagging.start();
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(tagging);
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        // One line per failed attempt and client, for as long as Kafka is away.
        context.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.ERROR);

        // Tomcat, and through slf4j-jdk14 the broker in its separate loader, log by java.util.logging.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, Home home, String name) {
        String path = home.log(name).toString();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();

        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName(name);
        appender.setFile(path);
        appender.setEncoder(encoder);

        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(path + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(OLD_FILES);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(FILE_BYTES));
        size.start();

        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(size);
        appender.start();
        return appender;
    }
}
