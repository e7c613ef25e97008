package io.p2phost.ro.client;

import io.p2phost.ro.PacketLengths;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The client versions whose packets can be told apart. Immutable; another version makes another registry. */
public final class ClientVersions {
    /** The version that comes with this library, and the one the views are made for. */
    public static final int BUILT_IN = 20200401;

    /** Longest {@code recvpackets.txt} read, in bytes. */
    private static final int LONGEST_FILE = 1 << 20;

    private final Map<Integer, PacketLengths> lengths;

    private ClientVersions(Map<Integer, PacketLengths> lengths) {
        this.lengths = Map.copyOf(lengths);
    }

    /** The registry with the built-in version only. */
    public static ClientVersions builtIn() {
        String file = "lengths-" + BUILT_IN + ".txt";
        try (InputStream in = ClientVersions.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + ": missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return new ClientVersions(Map.of(BUILT_IN, LengthFile.rows(name(BUILT_IN), file, text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The registry with another version, from a file in the public {@code recvpackets.txt} format.
     *
     * @throws IllegalArgumentException with every fault of the file, each as {@code file:line: text (expected: …)}
     */
    public ClientVersions with(int version, Path recvpackets) throws IOException {
        if (Files.size(recvpackets) > LONGEST_FILE) {
            throw new IllegalArgumentException(
                    recvpackets + ": " + Files.size(recvpackets) + " bytes (expected: at most 1 MB)");
        }
        return with(
                version, recvpackets.toString(), new String(Files.readAllBytes(recvpackets), StandardCharsets.UTF_8));
    }

    ClientVersions with(int version, String file, String text) {
        if (version < 20_000_101 || version > 99_991_231) {
            throw new IllegalArgumentException("client version: " + version + " (expected: a date such as 20200401)");
        }
        Map<Integer, PacketLengths> more = new TreeMap<>(lengths);
        more.put(version, LengthFile.pairs(name(version), file, text));
        return new ClientVersions(more);
    }

    /**
     * The lengths of a version's packets.
     *
     * @throws IllegalArgumentException when the version is unknown; the message says how to add it
     */
    public PacketLengths lengths(int version) {
        PacketLengths found = lengths.get(version);
        if (found == null) {
            throw new IllegalArgumentException("client version: " + version + " (expected: one of " + versions()
                    + ", or a recvpackets.txt of that version)");
        }
        return found;
    }

    /** All versions, ascending. */
    public SortedSet<Integer> versions() {
        return new TreeSet<>(lengths.keySet());
    }

    private static String name(int version) {
        return "client " + version;
    }
}
