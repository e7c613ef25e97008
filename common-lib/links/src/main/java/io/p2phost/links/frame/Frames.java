package io.p2phost.links.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.p2phost.contracts.MapName;
import java.nio.charset.StandardCharsets;

/** Writes frames. Texts longer than 255 bytes are cut at a whole character. */
public final class Frames {
    private static final int TEXT_MAX = 255;
    private static final int SMALL = 64;

    private Frames() {}

    /** A whole frame in a new buffer. {@link Frame.Data} and {@link Frame.Packed} are not written by this. */
    public static ByteBuf encode(ByteBufAllocator alloc, Frame frame) {
        ByteBuf out = alloc.ioBuffer(SMALL);
        switch (frame) {
            case Frame.Hello f -> {
                header(out, FrameType.HELLO, 0);
                out.writeShort(f.version())
                        .writeInt(f.window())
                        .writeByte(f.place().code());
                token(out, f.token());
                shortText(out, f.software());
            }
            case Frame.Welcome f -> {
                header(out, FrameType.WELCOME, 0);
                out.writeShort(f.version())
                        .writeInt(f.window())
                        .writeByte(f.resumed() ? 1 : 0)
                        .writeByte(f.connections())
                        .writeInt(f.keyMillis());
                token(out, f.token());
                shortText(out, f.relayId());
            }
            case Frame.Ping f -> header(out, FrameType.PING, 0).writeLong(f.nonce());
            case Frame.Pong f -> header(out, FrameType.PONG, 0).writeLong(f.nonce());
            case Frame.GoAway f -> {
                header(out, FrameType.GOAWAY, 0).writeByte(f.code().code());
                longText(out, f.detail());
            }
            case Frame.Assign f -> {
                header(out, FrameType.ASSIGN, 0)
                        .writeLong(f.epoch().value())
                        .writeByte(f.role().code());
                map(out, f.map());
            }
            case Frame.Ready f -> {
                header(out, FrameType.READY, 0).writeLong(f.epoch().value()).writeByte(f.ready() ? 1 : 0);
                map(out, f.map());
                longText(out, f.detail());
            }
            case Frame.Fenced f -> {
                header(out, FrameType.FENCED, 0).writeLong(f.currentEpoch().value());
                map(out, f.map());
            }
            case Frame.Open f -> {
                header(out, FrameType.OPEN, f.streamId())
                        .writeLong(f.epoch().value())
                        .writeInt(f.source());
                map(out, f.map());
                out.writeByte(f.first().length()).writeBytes(f.first().toArray());
            }
            case Frame.Opened f -> header(out, FrameType.OPENED, f.streamId());
            case Frame.Data f -> throw withPayload(out);
            case Frame.Packed f -> throw withPayload(out);
            case Frame.Window f ->
                header(out, FrameType.WINDOW, f.streamId()).writeInt(f.taken()).writeInt(f.credit());
            case Frame.Fin f -> header(out, FrameType.FIN, f.streamId());
            case Frame.Reset f ->
                header(out, FrameType.RESET, f.streamId()).writeByte(f.code().code());
            case Frame.LinkHello f -> {
                header(out, FrameType.LINK_HELLO, 0)
                        .writeShort(f.version())
                        .writeInt(f.window())
                        .writeInt(f.history())
                        .writeByte(f.role().code())
                        .writeLong(f.epoch().value())
                        .writeCharSequence(f.host().value(), StandardCharsets.US_ASCII);
                token(out, f.resume());
                map(out, f.map());
            }
            case Frame.Accepted f -> {
                header(out, FrameType.ACCEPTED, 0)
                        .writeShort(f.version())
                        .writeInt(f.window())
                        .writeInt(f.history())
                        .writeByte(f.resumed() ? 1 : 0);
                token(out, f.token());
            }
            case Frame.Streams f -> {
                header(out, FrameType.STREAMS, 0);
                for (StreamState stream : f.streams()) {
                    out.writeInt(stream.streamId())
                            .writeLong(stream.received())
                            .writeInt(stream.held())
                            .writeByte(stream.finished() ? 1 : 0);
                }
            }
            case Frame.Refused f -> {
                header(out, FrameType.REFUSED, 0)
                        .writeByte(f.reason().code())
                        .writeLong(f.currentEpoch().value());
                longText(out, f.detail());
            }
        }
        return out.setMedium(1, out.readableBytes() - FrameDecoder.HEADER_LENGTH);
    }

    private static IllegalArgumentException withPayload(ByteBuf out) {
        out.release();
        return new IllegalArgumentException("frame: DATA or PACKED (expected: one without a payload of its own)");
    }

    /** The header of a DATA frame; the payload follows in its own buffer, so that it is never copied. */
    public static ByteBuf dataHeader(ByteBufAllocator alloc, int streamId, int payloadBytes) {
        return header(alloc, FrameType.DATA, streamId, payloadBytes);
    }

    /** The header of a PACKED frame; the payload follows in its own buffer. */
    public static ByteBuf packedHeader(ByteBufAllocator alloc, int streamId, int payloadBytes) {
        return header(alloc, FrameType.PACKED, streamId, payloadBytes);
    }

    private static ByteBuf header(ByteBufAllocator alloc, FrameType type, int streamId, int payloadBytes) {
        return alloc.ioBuffer(FrameDecoder.HEADER_LENGTH)
                .writeByte(type.code())
                .writeMedium(payloadBytes)
                .writeInt(streamId);
    }

    private static ByteBuf header(ByteBuf out, FrameType type, int streamId) {
        return out.writeByte(type.code()).writeMedium(0).writeInt(streamId);
    }

    private static void token(ByteBuf out, ResumeToken token) {
        out.writeLong(token.high()).writeLong(token.low());
    }

    private static void map(ByteBuf out, MapName map) {
        out.writeByte(map.value().length()).writeCharSequence(map.value(), StandardCharsets.US_ASCII);
    }

    private static void shortText(ByteBuf out, String text) {
        byte[] bytes = cut(text);
        out.writeByte(bytes.length).writeBytes(bytes);
    }

    private static void longText(ByteBuf out, String text) {
        byte[] bytes = cut(text);
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    private static byte[] cut(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= TEXT_MAX) {
            return bytes;
        }
        int end = TEXT_MAX;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        byte[] head = new byte[end];
        System.arraycopy(bytes, 0, head, 0, end);
        return head;
    }
}
