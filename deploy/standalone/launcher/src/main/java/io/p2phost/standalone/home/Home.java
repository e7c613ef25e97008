package io.p2phost.standalone.home;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one suite.
 *
 * @param root absolute path; readable by its owner only
 */
public record Home(Path root) {
    /** What a suite puts into its folder; {@code --fresh} deletes these names and nothing else. */
    private static final List<String> OWN_NAMES = List.of(
            "run",
            "logs",
            "secrets",
            "secrets.new",
            "postgresql",
            "postgresql.new",
            "kafka",
            "kafka.new",
            "cache",
            "admin-api-key");

    public Home {
        root = root.toAbsolutePath().normalize();
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path log(String name) {
        return logs().resolve(name + ".log");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path postgresql() {
        return root.resolve("postgresql");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path adminKey() {
        return root.resolve("admin-api-key");
    }

    public Path lock() {
        return root.resolve("lock");
    }

    public Path state() {
        return run().resolve("state");
    }

    public Path pidFile(String name) {
        return run().resolve(name + ".pid");
    }

    public boolean exists() {
        return Files.isDirectory(root);
    }

    /** Makes the folder and its fixed sub-folders; other users can read none of it. */
    public void create() throws Refusal {
        try {
            if (Files.exists(root, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(root)) {
                throw new Refusal(
                        root + " is not a folder (expected: a folder for the suite's state, or a free name).");
            }
            Files.createDirectories(root);
            ownerOnly(root);
            Files.createDirectories(run());
            Files.createDirectories(logs());
        } catch (IOException e) {
            throw Faults.writing(root, e);
        }
    }

    /** Deletes the state of the suite: data, secrets, keys and logs. The lock stays, its holder is the caller. */
    public void wipe() throws Refusal {
        try {
            for (String name : OWN_NAMES) {
                delete(root.resolve(name));
            }
        } catch (IOException e) {
            throw new Refusal("Cannot delete the old state under " + root + ": " + e.getMessage() + ".", e);
        }
        create();
    }

    static void ownerOnly(Path path) throws IOException {
        String rights = Files.isDirectory(path) ? "rwx------" : "rw-------";
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
        }
    }

    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
