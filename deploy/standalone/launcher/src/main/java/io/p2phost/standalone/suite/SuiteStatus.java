package io.p2phost.standalone.suite;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The suite as one picture, kept in a file so that other processes can look at it.
 *
 * @param phase of the suite as a whole
 * @param form {@code small} or {@code processes}
 * @param pid the launcher's
 * @param startedAt when the launcher began
 * @param readyMillis from then until everything was ready the first time; 0 before that
 * @param portOffset of all ports
 * @param parts in the order in which they start
 */
public record SuiteStatus(
        Phase phase,
        String form,
        long pid,
        Instant startedAt,
        long readyMillis,
        int portOffset,
        List<PartStatus> parts) {
    /** The life of the suite as a whole. */
    public enum Phase {
        STARTING,
        READY,
        STOPPING,
        STOPPED
    }

    public SuiteStatus {
        parts = List.copyOf(parts);
    }

    void write(Path file) throws IOException {
        Properties p = new Properties();
        p.setProperty("phase", phase.name());
        p.setProperty("form", form);
        p.setProperty("pid", Long.toString(pid));
        p.setProperty("started-at", startedAt.toString());
        p.setProperty("ready-millis", Long.toString(readyMillis));
        p.setProperty("port-offset", Integer.toString(portOffset));
        p.setProperty("parts", Integer.toString(parts.size()));
        for (int i = 0; i < parts.size(); i++) {
            PartStatus part = parts.get(i);
            p.setProperty(i + ".name", part.name());
            p.setProperty(i + ".state", part.state().name());
            p.setProperty(i + ".since", part.since().toString());
            p.setProperty(i + ".start-millis", Long.toString(part.startMillis()));
            p.setProperty(i + ".restarts", Integer.toString(part.restarts()));
            p.setProperty(i + ".pid", Long.toString(part.pid()));
            p.setProperty(i + ".detail", part.detail());
        }
        StringWriter text = new StringWriter();
        p.store(text, null);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text.toString());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The last picture, or empty when there is none that can be read. */
    public static Optional<SuiteStatus> read(Path file) throws IOException {
        Properties p = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            p.load(in);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            List<PartStatus> parts = new ArrayList<>();
            int count = Integer.parseInt(p.getProperty("parts", "0"));
            for (int i = 0; i < count; i++) {
                parts.add(new PartStatus(
                        p.getProperty(i + ".name", ""),
                        PartState.valueOf(p.getProperty(i + ".state", "")),
                        Instant.parse(p.getProperty(i + ".since", "")),
                        Long.parseLong(p.getProperty(i + ".start-millis", "")),
                        Integer.parseInt(p.getProperty(i + ".restarts", "")),
                        Long.parseLong(p.getProperty(i + ".pid", "")),
                        p.getProperty(i + ".detail", "")));
            }
            return Optional.of(new SuiteStatus(
                    Phase.valueOf(p.getProperty("phase", "")),
                    p.getProperty("form", ""),
                    Long.parseLong(p.getProperty("pid", "")),
                    Instant.parse(p.getProperty("started-at", "")),
                    Long.parseLong(p.getProperty("ready-millis", "")),
                    Integer.parseInt(p.getProperty("port-offset", "")),
                    parts));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
