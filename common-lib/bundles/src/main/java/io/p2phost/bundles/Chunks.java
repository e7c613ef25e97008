package io.p2phost.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** Cuts files into pieces of 1 MiB: what did not change between two versions is not sent again. */
public final class Chunks {
    public static final int BYTES = 1024 * 1024;

    private Chunks() {}

    static int count(long size) {
        return (int) ((size + BYTES - 1) / BYTES);
    }

    /** Reads a file once and describes it; a file above {@link Limits#FILE_BYTES} is refused before its end. */
    public static BundleFile describe(BundlePath path, Path file, boolean executable) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return describe(path, in, executable);
        }
    }

    static BundleFile describe(BundlePath path, InputStream in, boolean executable) throws IOException {
        MessageDigest whole = Sha256.digest();
        List<Sha256> chunks = new ArrayList<>();
        long size = 0;
        for (byte[] piece = in.readNBytes(BYTES); piece.length > 0; piece = in.readNBytes(BYTES)) {
            size += piece.length;
            Limits.atMost(path + ": size", size, Limits.FILE_BYTES);
            whole.update(piece);
            chunks.add(Sha256.of(piece));
        }
        return new BundleFile(path, size, Sha256.ended(whole), executable, chunks);
    }

    /** One piece of a file as the manifest cuts it. */
    public static byte[] read(BundleFile file, int index, Path folder) throws IOException {
        try (InputStream in = Files.newInputStream(file.path().in(folder))) {
            in.skipNBytes((long) index * BYTES);
            byte[] bytes = in.readNBytes(file.chunkBytes(index));
            if (!Sha256.of(bytes).equals(file.chunks().get(index))) {
                throw new BundleException(file.path() + ": changed while it was read");
            }
            return bytes;
        }
    }
}
