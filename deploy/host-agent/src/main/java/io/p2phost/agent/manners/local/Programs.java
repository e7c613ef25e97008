package io.p2phost.agent.manners.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which of the named programs run. Games under Wine show their own name in the kernel's list only. */
class Programs {
    /** What the kernel keeps of a program's name. */
    private static final int KERNEL_NAME = 15;

    private final Path proc;

    Programs(Path proc) {
        this.proc = proc;
    }

    /** Those of the wanted names, in small letters, that run. */
    Set<String> running(Set<String> wanted) {
        Set<String> found = new TreeSet<>();
        if (Files.isDirectory(proc)) {
            fromKernel(wanted, found);
        } else {
            ProcessHandle.allProcesses()
                    .map(process -> process.info().command().orElse(""))
                    .forEach(command -> match(lastPart(command), wanted, found));
        }
        return found;
    }

    private void fromKernel(Set<String> wanted, Set<String> found) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                String name = read(process.resolve("comm"));
                if (name != null) {
                    match(name, wanted, found);
                    cut(process, name, wanted, found);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A name of full length may be the beginning of a longer one: the command line has it all. */
    private static void cut(Path process, String name, Set<String> wanted, Set<String> found) {
        if (name.getBytes(StandardCharsets.UTF_8).length >= KERNEL_NAME) {
            String line = read(process.resolve("cmdline"));
            if (line != null) {
                match(lastPart(line.split("\0", 2)[0]), wanted, found);
            }
        }
    }

    private static void match(String name, Set<String> wanted, Set<String> found) {
        String small = name.toLowerCase(Locale.ROOT);
        if (wanted.contains(small)) {
            found.add(small);
        } else if (small.endsWith(".exe") && wanted.contains(small.substring(0, small.length() - 4))) {
            found.add(small.substring(0, small.length() - 4));
        }
    }

    private static String lastPart(String command) {
        return command.substring(Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\')) + 1);
    }

    /** Null for a process that has ended meanwhile or is not ours to see. */
    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).stripTrailing();
        } catch (IOException e) {
            return null;
        }
    }
}
