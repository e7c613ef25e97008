package io.p2phost.agent.home;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an agent keeps in its home, to be shown and removed. Links are removed, never followed, and what the agent does
 * not know is left where it is.
 */
public final class HomeContents {
    private final AgentHome home;

    public HomeContents(AgentHome home) {
        this.home = home;
    }

    /**
     * A file or folder of the agent's.
     *
     * @param bytes of all files in it
     */
    public record Entry(Path path, long bytes) {}

    /** What is there; the key comes last, so that a removal that was cut short can be repeated. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Path path : home.known()) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                entries.add(new Entry(path, size(path)));
            }
        }
        return entries;
    }

    /** Removes the entries, and the home if nothing else is in it. */
    public void remove(List<Entry> entries) {
        for (Entry entry : entries) {
            try {
                Files.walkFileTree(entry.path(), new Removing());
            } catch (IOException e) {
                throw new AgentFailure(
                        ExitCode.HOME,
                        "home: " + entry.path() + " cannot be removed (run the same command again): " + e,
                        e);
            }
        }
        if (others().isEmpty()) {
            try {
                Files.deleteIfExists(home.lockFile());
                Files.deleteIfExists(home.directory());
            } catch (IOException e) {
                throw new AgentFailure(ExitCode.HOME, "home: " + home.directory() + " cannot be removed: " + e, e);
            }
        }
    }

    /** What is in the home beside the agent's own. */
    public List<Path> others() {
        if (!Files.isDirectory(home.directory())) {
            return List.of();
        }
        List<Path> known = home.known();
        try (Stream<Path> all = Files.list(home.directory())) {
            return all.filter(path -> !known.contains(path) && !path.equals(home.lockFile()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "home: " + home.directory() + " cannot be read: " + e, e);
        }
    }

    private static long size(Path path) {
        long[] bytes = {0};
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "home: " + path + " cannot be read: " + e, e);
        }
        return bytes[0];
    }

    private static final class Removing extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault) throws IOException {
            if (fault != null) {
                throw fault;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
