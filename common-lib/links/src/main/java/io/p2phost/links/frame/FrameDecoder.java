package io.p2phost.links.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames. Type, length and stream id are checked as soon as the 8-byte header is there, before any payload is
 * awaited; everything a peer can send ends in a frame or in a {@link ProtocolException}, and after the first of these
 * nothing more is read.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
    /** Bytes of type, length and stream id. */
    public static final int HEADER_LENGTH = 8;

    private static final int MAP_MAX = 24;
    private static final int HOST_ID_LENGTH = 36;
    private static final int STREAM_STATE_LENGTH = 17;
    private static final int TEXT_MAX = 255;

    private boolean broken;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < HEADER_LENGTH) {
            return;
        }
        int start = in.readerIndex();
        FrameType type = FrameType.byCode(in.getUnsignedByte(start));
        if (type == null) {
            throw broken(ProtocolException.UNKNOWN);
        }
        int length = in.getUnsignedMedium(start + 1);
        if (length > type.maxLength()) {
            throw broken(ProtocolException.OVERSIZED);
        }
        int streamId = in.getInt(start + 4);
        if (length < type.minLength() || (type.ofStream() ? streamId <= 0 : streamId != 0)) {
            throw broken(ProtocolException.MALFORMED);
        }
        if (in.readableBytes() < HEADER_LENGTH + length) {
            return;
        }
        in.skipBytes(HEADER_LENGTH);
        if (type == FrameType.DATA) {
            out.add(new Frame.Data(streamId, in.readRetainedSlice(length)));
            return;
        }
        if (type == FrameType.PACKED) {
            out.add(new Frame.Packed(streamId, in.readRetainedSlice(length)));
            return;
        }
        int end = in.readerIndex() + length;
        Frame frame = read(type, streamId, in, end);
        // Left-over bytes would be a second meaning of the same frame.
        if (frame == null || in.readerIndex() != end) {
            throw broken(ProtocolException.MALFORMED);
        }
        out.add(frame);
    }

    private ProtocolException broken(ProtocolException reason) {
        broken = true;
        return reason;
    }

    /** The frame, or null when its payload cannot be read. The least length of the type is there. */
    private static @Nullable Frame read(FrameType type, int streamId, ByteBuf in, int end) {
        return switch (type) {
            case HELLO -> hello(in, end);
            case WELCOME -> welcome(in, end);
            case PING -> new Frame.Ping(in.readLong());
            case PONG -> new Frame.Pong(in.readLong());
            case GOAWAY -> goAway(in, end);
            case ASSIGN -> assign(in, end);
            case READY -> ready(in, end);
            case FENCED -> fenced(in, end);
            case OPEN -> open(streamId, in, end);
            case OPENED -> new Frame.Opened(streamId);
            case DATA, PACKED -> null;
            case WINDOW -> window(streamId, in.readInt(), in.readInt());
            case FIN -> new Frame.Fin(streamId);
            case RESET -> reset(streamId, in);
            case LINK_HELLO -> linkHello(in, end);
            case ACCEPTED -> accepted(in);
            case STREAMS -> streams(in, end);
            case REFUSED -> refused(in, end);
        };
    }

    private static @Nullable Frame hello(ByteBuf in, int end) {
        int version = in.readUnsignedShort();
        int window = in.readInt();
        Place place = of(Place.values(), in.readUnsignedByte());
        ResumeToken token = token(in);
        String software = shortText(in, end);
        return window < 0 || place == null || software == null
                ? null
                : new Frame.Hello(version, window, place, token, software);
    }

    private static @Nullable Frame welcome(ByteBuf in, int end) {
        int version = in.readUnsignedShort();
        int window = in.readInt();
        int flag = in.readUnsignedByte();
        int connections = in.readUnsignedByte();
        int keyMillis = in.readInt();
        ResumeToken token = token(in);
        String relayId = shortText(in, end);
        return window < 0 || flag > 1 || connections == 0 || keyMillis <= 0 || relayId == null
                ? null
                : new Frame.Welcome(version, window, flag == 1, connections, keyMillis, token, relayId);
    }

    private static @Nullable Frame goAway(ByteBuf in, int end) {
        GoAwayCode code = of(GoAwayCode.values(), in.readUnsignedByte());
        String detail = longText(in, end);
        return code == null || detail == null ? null : new Frame.GoAway(code, detail);
    }

    private static @Nullable Frame assign(ByteBuf in, int end) {
        long epoch = in.readLong();
        CellRole role = of(CellRole.values(), in.readUnsignedByte());
        MapName map = map(in, end);
        return epoch < 0 || role == null || map == null ? null : new Frame.Assign(map, new Epoch(epoch), role);
    }

    private static @Nullable Frame ready(ByteBuf in, int end) {
        long epoch = in.readLong();
        int flag = in.readUnsignedByte();
        MapName map = map(in, end);
        String detail = map == null ? null : longText(in, end);
        return epoch < 0 || flag > 1 || map == null || detail == null
                ? null
                : new Frame.Ready(map, new Epoch(epoch), flag == 1, detail);
    }

    private static @Nullable Frame fenced(ByteBuf in, int end) {
        long epoch = in.readLong();
        MapName map = map(in, end);
        return epoch < 0 || map == null ? null : new Frame.Fenced(map, new Epoch(epoch));
    }

    private static @Nullable Frame open(int streamId, ByteBuf in, int end) {
        long epoch = in.readLong();
        int source = in.readInt();
        MapName map = map(in, end);
        Bytes first = map == null ? null : firstBytes(in, end);
        return epoch < 0 || !SourceAddress.isLegal(source) || map == null || first == null
                ? null
                : new Frame.Open(streamId, map, new Epoch(epoch), source, first);
    }

    private static @Nullable Frame window(int streamId, int taken, int credit) {
        return taken < 0 || credit < 0 || (taken | credit) == 0 ? null : new Frame.Window(streamId, taken, credit);
    }

    private static @Nullable Frame reset(int streamId, ByteBuf in) {
        ResetCode code = of(ResetCode.values(), in.readUnsignedByte());
        return code == null ? null : new Frame.Reset(streamId, code);
    }

    private static @Nullable Frame linkHello(ByteBuf in, int end) {
        int version = in.readUnsignedShort();
        int window = in.readInt();
        int history = in.readInt();
        CellRole role = of(CellRole.values(), in.readUnsignedByte());
        long epoch = in.readLong();
        HostId host = hostId(in);
        ResumeToken resume = token(in);
        MapName map = map(in, end);
        return window < 0 || history < Frame.UNPACKED || role == null || epoch < 0 || host == null || map == null
                ? null
                : new Frame.LinkHello(version, window, history, role, host, resume, map, new Epoch(epoch));
    }

    private static @Nullable Frame accepted(ByteBuf in) {
        int version = in.readUnsignedShort();
        int window = in.readInt();
        int history = in.readInt();
        int flag = in.readUnsignedByte();
        ResumeToken token = token(in);
        return window < 0 || history < Frame.UNPACKED || flag > 1
                ? null
                : new Frame.Accepted(version, window, history, flag == 1, token);
    }

    private static @Nullable Frame streams(ByteBuf in, int end) {
        int count = (end - in.readerIndex()) / STREAM_STATE_LENGTH;
        List<StreamState> streams = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int id = in.readInt();
            long received = in.readLong();
            int held = in.readInt();
            int flag = in.readUnsignedByte();
            if (id <= 0 || received < 0 || held < 0 || flag > 1) {
                return null;
            }
            streams.add(new StreamState(id, received, held, flag == 1));
        }
        return new Frame.Streams(streams);
    }

    private static @Nullable Frame refused(ByteBuf in, int end) {
        RefusalReason reason = of(RefusalReason.values(), in.readUnsignedByte());
        long epoch = in.readLong();
        String detail = longText(in, end);
        return reason == null || epoch < 0 || detail == null
                ? null
                : new Frame.Refused(reason, new Epoch(epoch), detail);
    }

    private static ResumeToken token(ByteBuf in) {
        return new ResumeToken(in.readLong(), in.readLong());
    }

    private static <E extends Coded> @Nullable E of(E[] values, int code) {
        for (E value : values) {
            if (value.code() == code) {
                return value;
            }
        }
        return null;
    }

    /** Checked byte by byte, so that a bad name costs no exception from {@link MapName}. */
    private static @Nullable MapName map(ByteBuf in, int end) {
        if (in.readerIndex() >= end) {
            return null;
        }
        int length = in.readUnsignedByte();
        if (length == 0 || length > MAP_MAX || length > end - in.readerIndex()) {
            return null;
        }
        for (int i = 0; i < length; i++) {
            if (!ofMapName(in.getByte(in.readerIndex() + i))) {
                return null;
            }
        }
        return new MapName(in.readString(length, StandardCharsets.US_ASCII));
    }

    private static boolean ofMapName(byte c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '@' || c == '#' || c == '-';
    }

    private static @Nullable HostId hostId(ByteBuf in) {
        for (int i = 0; i < HOST_ID_LENGTH; i++) {
            byte c = in.getByte(in.readerIndex() + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return null;
            }
        }
        return new HostId(in.readString(HOST_ID_LENGTH, StandardCharsets.US_ASCII));
    }

    private static @Nullable Bytes firstBytes(ByteBuf in, int end) {
        int length = in.readerIndex() < end ? in.readUnsignedByte() : Frame.Open.MOST_FIRST + 1;
        return length > end - in.readerIndex() ? null : Bytes.of(in.readSlice(length));
    }

    private static @Nullable String shortText(ByteBuf in, int end) {
        return in.readerIndex() < end ? text(in, end, in.readUnsignedByte()) : null;
    }

    private static @Nullable String longText(ByteBuf in, int end) {
        return end - in.readerIndex() >= 2 ? text(in, end, in.readUnsignedShort()) : null;
    }

    private static @Nullable String text(ByteBuf in, int end, int length) {
        return length > end - in.readerIndex() || length > TEXT_MAX
                ? null
                : in.readString(length, StandardCharsets.UTF_8);
    }
}
