package io.p2phost.standalone.packager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Has the publisher's own program sign an archive: it gets the archive's path as its one argument and writes the signature
 * beside it, under the archive's name with {@code .sig}. Which key and tool are used is its matter.
 */
final class Signing {
    /** Names the program, by path or as found in PATH; unset or empty: archives are not signed. */
    static final String VARIABLE = "P2P_SIGN_COMMAND";

    private final String program;
    private final Duration limit;

    /**
     * How archives are signed.
     *
     * @param limit how long it may take; somebody may have to type a passphrase
     */
    Signing(String program, Duration limit) {
        this.program = program;
        this.limit = limit;
    }

    /** The signature; none when no program is named. Anything but a signature ends the build. */
    Optional<Path> sign(Path archive) throws IOException, InterruptedException {
        if (program.isBlank()) {
            return Optional.empty();
        }
        Path signature = archive.resolveSibling(archive.getFileName() + ".sig");
        Process process =
                new ProcessBuilder(program, archive.toString()).inheritIO().start();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException(VARIABLE + ": " + program + " did not end (expected: within " + limit + ")");
        }
        if (process.exitValue() != 0) {
            throw new IOException(VARIABLE + ": " + program + " ended with " + process.exitValue() + " (expected: 0)");
        }
        if (!Files.isRegularFile(signature) || Files.size(signature) == 0) {
            throw new IOException(VARIABLE + ": " + program + " left no " + signature.getFileName()
                    + " (expected: the signature, beside the archive)");
        }
        return Optional.of(signature);
    }
}
