package io.p2phost.standalone.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceClassLoaderTest {
    @TempDir
    Path work;

    private Path common;
    private Path onlyRelay;
    private Path relayJar;
    private Path metricsJar;
    private URLClassLoader shared;

    @BeforeEach
    void jars() throws Exception {
        work = work.toRealPath();
        common = new TestJar(work)
                .source("lib.Common", "package lib; public class Common { public static int count; }")
                .resource("settings.txt", "common")
                .resource("META-INF/services/java.util.concurrent.Callable", "")
                .write("common.jar");
        onlyRelay = new TestJar(work)
                .source(
                        "lib.extra.Extra",
                        "package lib.extra; public class Extra implements java.util.concurrent.Callable<String> {"
                                + " public String call() { return \"extra\"; } }")
                .resource("extra.txt", "extra")
                .resource("settings.txt", "extra")
                .resource("META-INF/services/java.util.concurrent.Callable", "lib.extra.Extra")
                .write("only-relay.jar");
        relayJar = new TestJar(work)
                .source("app.App", "package app; public class App { public static int count; }")
                .resource("application.yml", "relay")
                .write("relay.jar");
        metricsJar = new TestJar(work)
                .source("app.App", "package app; public class App { public static int count; }")
                .resource("application.yml", "metrics")
                .write("metrics.jar");
        // Its neighbours' module jars are on nobody's list, even if somebody put them into the shared folder.
        shared = new URLClassLoader(
                new URL[] {url(common), url(onlyRelay), url(metricsJar)}, ClassLoader.getPlatformClassLoader());
    }

    @Test
    void aServiceSeesItsOwnFilesAndNotThoseOfItsNeighbour() throws Exception {
        try (ServiceClassLoader relay = relay();
                ServiceClassLoader metrics = metrics()) {
            assertThat(text(relay, "application.yml")).isEqualTo("relay");
            assertThat(text(metrics, "application.yml")).isEqualTo("metrics");
            assertThat(relay.loadClass("app.App")).isNotSameAs(metrics.loadClass("app.App"));
            assertThat(Collections.list(relay.getResources("application.yml"))).hasSize(1);
        }
    }

    @Test
    void librariesAreLoadedOnceForAll() throws Exception {
        try (ServiceClassLoader relay = relay();
                ServiceClassLoader metrics = metrics()) {
            assertThat(relay.loadClass("lib.Common")).isSameAs(metrics.loadClass("lib.Common"));
        }
    }

    @Test
    void aJarThatIsNotOnTheListIsInvisibleAsClassAndAsResource() throws Exception {
        try (ServiceClassLoader relay = relay();
                ServiceClassLoader metrics = metrics()) {
            assertThat(relay.loadClass("lib.extra.Extra")).isNotNull();
            assertThat(text(relay, "extra.txt")).isEqualTo("extra");

            assertThatThrownBy(() -> metrics.loadClass("lib.extra.Extra")).isInstanceOf(ClassNotFoundException.class);
            assertThat(metrics.getResource("extra.txt")).isNull();
            assertThat(metrics.getResourceAsStream("extra.txt")).isNull();
            assertThat(Collections.list(metrics.getResources("settings.txt"))).hasSize(1);
            assertThat(Collections.list(relay.getResources("settings.txt"))).hasSize(2);
        }
    }

    @Test
    void servicesOfTheJdksLoaderMechanismAreFilteredToo() throws Exception {
        try (ServiceClassLoader relay = relay();
                ServiceClassLoader metrics = metrics()) {
            assertThat(ServiceLoader.load(Callable.class, relay)).hasSize(1);
            assertThat(ServiceLoader.load(Callable.class, metrics)).isEmpty();
        }
    }

    @Test
    void theListMayLeadThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(work.resolve("link"), work);
        Path linked = link.resolve(common.getFileName());
        try (ServiceClassLoader metrics = new ServiceClassLoader("metrics", metricsJar, List.of(linked), shared)) {
            assertThat(metrics.loadClass("lib.Common")).isNotNull();
            assertThat(text(metrics, "settings.txt")).isEqualTo("common");
        }
    }

    @Test
    void theJdkIsVisible() throws Exception {
        try (ServiceClassLoader relay = relay()) {
            assertThat(relay.loadClass("java.lang.String")).isSameAs(String.class);
            assertThat(relay.loadClass("java.sql.Connection")).isNotNull();
            assertThat(relay.getResource("java/lang/String.class")).isNotNull();
        }
    }

    @Test
    void theLaunchersOwnClassesAreNot() throws Exception {
        try (ServiceClassLoader relay = new ServiceClassLoader(
                "relay", relayJar, List.of(common), ServiceClassLoaderTest.class.getClassLoader())) {
            assertThatThrownBy(() -> relay.loadClass("io.p2phost.standalone.Main"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThat(relay.getResource("io/p2phost/standalone/Main.class")).isNull();
        }
    }

    private ServiceClassLoader relay() throws Exception {
        return new ServiceClassLoader("relay", relayJar, List.of(common, onlyRelay), shared);
    }

    private ServiceClassLoader metrics() throws Exception {
        return new ServiceClassLoader("metrics", metricsJar, List.of(common), shared);
    }

    private static String text(ClassLoader loader, String name) throws Exception {
        try (var in = loader.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static URL url(Path jar) throws Exception {
        return jar.toUri().toURL();
    }
}
