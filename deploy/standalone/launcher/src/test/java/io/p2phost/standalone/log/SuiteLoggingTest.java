package io.p2phost.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.p2phost.standalone.home.Home;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SuiteLoggingTest {
    @TempDir
    Path root;

    @AfterEach
    void reset() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }

    @Test
    void aLineGoesToTheFileOfTheServiceWhoseThreadWroteIt() throws Exception {
        Home home = new Home(root);
        home.create();
        SuiteLogging.configure(home, List.of("relay", "metrics"));

        logIn("relay", "from relay");
        logIn("somebody", "from elsewhere");
        java.util.logging.Logger.getLogger("tomcat").warning("through jul");

        assertThat(home.log("relay")).content().contains("from relay").doesNotContain("elsewhere");
        assertThat(home.log("metrics")).isEmptyFile();
        assertThat(home.log("launcher")).content().contains("from elsewhere", "through jul");
    }

    private static void logIn(String loaderName, String message) throws Exception {
        ClassLoader parent = SuiteLoggingTest.class.getClassLoader();
        try (URLClassLoader service = new URLClassLoader(loaderName, new URL[0], parent);
                URLClassLoader tomcat = new URLClassLoader("tomcat", new URL[0], service)) {
            Thread thread = Thread.ofPlatform()
                    .unstarted(() -> LoggerFactory.getLogger("x").info(message));
            thread.setContextClassLoader(tomcat);
            thread.start();
            thread.join();
        }
    }
}
