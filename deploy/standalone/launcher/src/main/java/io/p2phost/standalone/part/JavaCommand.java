package io.p2phost.standalone.part;

import java.nio.file.Path;

/** The JVM that runs this program also runs its processes. */
final class JavaCommand {
    private JavaCommand() {}

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
