package io.p2phost.links.mux;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Packs one direction of a link: runs of zeros first, then zstd against what was packed before. Event loop only. */
final class Packer {
    /** Below this, packing gains less than it costs. */
    static final int LEAST = 256;

    /** The least level whose search keeps up with a full history. */
    private static final int LEVEL = 2;

    private final History history;

    /**
     * Makes a packer.
     *
     * @param remembered bytes that the receiver remembers
     */
    Packer(int remembered) {
        history = new History(remembered);
    }

    /** The payload of a PACKED frame, or null when it would not be smaller. */
    @Nullable
    ByteBuf pack(byte[] bytes) {
        byte[] dense = new byte[ZeroRuns.bound(bytes.length)];
        int denseLength = ZeroRuns.encode(bytes, dense);
        byte[] packed = new byte[(int) Zstd.compressBound(denseLength)];
        int size = (int) Zstd.compressUsingDict(packed, 0, dense, 0, denseLength, history.bytes(), LEVEL);
        if (size >= bytes.length) {
            return null;
        }
        history.append(dense, denseLength);
        return Unpooled.wrappedBuffer(packed, 0, size);
    }
}
