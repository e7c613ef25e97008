package io.p2phost.agent.home;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** That the owner has read what runs on his machine, which version of that text, and agreed. */
public final class ConsentFile {
    private final Path file;

    public ConsentFile(Path file) {
        this.file = file;
    }

    /** Whether he agreed to this version; what cannot be read is no consent. */
    public boolean isGiven(int version) {
        try {
            return Files.exists(file) && Files.readString(file).startsWith(version + " ");
        } catch (IOException e) {
            return false;
        }
    }

    public void give(int version, Instant now) {
        try {
            AtomicFile.write(file, version + " " + now + System.lineSeparator());
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "consent: cannot be written to " + file + ": " + e, e);
        }
    }

    /** Takes it back; answers whether there was one. */
    public boolean withdraw() {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "consent: " + file + " cannot be deleted: " + e, e);
        }
    }
}
