package io.p2phost.links;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Bytes that do not change. */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Bytes of(byte... bytes) {
        return bytes.length == 0 ? NONE : new Bytes(bytes.clone());
    }

    /** What can be read from the buffer, which stays as it is. */
    public static Bytes of(ByteBuf buffer) {
        return buffer.isReadable() ? new Bytes(ByteBufUtil.getBytes(buffer)) : NONE;
    }

    public int length() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    /** A buffer of its own with them. */
    public ByteBuf toBuffer() {
        return Unpooled.copiedBuffer(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Never what they say: it may be a player's. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
