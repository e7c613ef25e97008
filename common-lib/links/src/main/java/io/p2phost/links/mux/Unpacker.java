package io.p2phost.links.mux;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.p2phost.links.frame.FrameType;
import io.p2phost.links.frame.ProtocolException;

/**
 * The other end of {@link Packer}. Whatever a peer sends, one frame becomes no more than a DATA frame may carry, and
 * nothing larger is ever allocated. Event loop only.
 */
final class Unpacker {
    private static final int LIMIT = FrameType.DATA.maxLength();
    private static final int DENSE_LIMIT = ZeroRuns.bound(LIMIT);

    private final History history;

    /**
     * Makes an unpacker.
     *
     * @param remembered bytes to remember
     */
    Unpacker(int remembered) {
        history = new History(remembered);
    }

    /** What a PACKED frame's payload stands for; the payload stays the caller's. */
    ByteBuf unpack(ByteBuf payload, ByteBufAllocator alloc) {
        byte[] packed = ByteBufUtil.getBytes(payload);
        // The size is the frame's own claim; decompression fails when it does not hold.
        long announced = Zstd.getFrameContentSize(packed);
        if (announced <= 0 || announced > DENSE_LIMIT) {
            throw ProtocolException.MALFORMED;
        }
        byte[] dense = new byte[(int) announced];
        try {
            if (Zstd.decompressUsingDict(dense, 0, packed, 0, packed.length, history.bytes()) != announced) {
                throw ProtocolException.MALFORMED;
            }
        } catch (ZstdException e) {
            throw ProtocolException.MALFORMED;
        }
        int length = ZeroRuns.decodedLength(dense, LIMIT);
        history.append(dense, dense.length);
        ByteBuf out = alloc.ioBuffer(length, length);
        ZeroRuns.decode(dense, out);
        return out;
    }
}
