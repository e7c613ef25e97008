package io.p2phost.bundles;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/** One file: its pieces of 1 MiB in order, the last one shorter. An empty file has none. */
@JsonPropertyOrder({"path", "size", "sha256", "executable", "chunks"})
public record BundleFile(BundlePath path, long size, Sha256 sha256, boolean executable, List<Sha256> chunks) {
    public BundleFile {
        Limits.atMost(path + ": size", size, Limits.FILE_BYTES);
        chunks = List.copyOf(chunks);
        int expected = Chunks.count(size);
        if (chunks.size() != expected) {
            throw new BundleException(
                    path + ": " + chunks.size() + " chunks (expected: " + expected + " for " + size + " bytes)");
        }
        if (expected == 1 && !chunks.getFirst().equals(sha256)) {
            throw new BundleException(path + ": its only chunk is not the file (expected: the same sha256)");
        }
    }

    /** How many bytes a chunk of this file has. */
    public int chunkBytes(int index) {
        return (int) Math.min(Chunks.BYTES, size - (long) index * Chunks.BYTES);
    }
}
