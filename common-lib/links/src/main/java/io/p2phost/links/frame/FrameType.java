package io.p2phost.links.frame;

import org.jspecify.annotations.Nullable;

/** The frame types: code on the wire, bounds of the payload, and whether it belongs to a stream. */
public enum FrameType {
    HELLO(0x01, 24, 279, false),
    WELCOME(0x02, 29, 284, false),
    PING(0x03, 8, 8, false),
    PONG(0x04, 8, 8, false),
    GOAWAY(0x05, 3, 258, false),
    ASSIGN(0x10, 11, 34, false),
    READY(0x11, 13, 291, false),
    FENCED(0x12, 10, 33, false),
    OPEN(0x20, 15, 293, true),
    OPENED(0x21, 0, 0, true),
    DATA(0x22, 1, 65_536, true),
    WINDOW(0x23, 8, 8, true),
    FIN(0x24, 0, 0, true),
    RESET(0x25, 1, 1, true),
    PACKED(0x26, 1, 65_536, true),
    LINK_HELLO(0x30, 73, 96, false),
    ACCEPTED(0x31, 27, 27, false),
    REFUSED(0x32, 11, 266, false),
    STREAMS(0x33, 0, 69_632, false);

    private static final @Nullable FrameType[] BY_CODE = new FrameType[256];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int minLength;
    private final int maxLength;
    private final boolean ofStream;

    FrameType(int code, int minLength, int maxLength, boolean ofStream) {
        this.code = code;
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.ofStream = ofStream;
    }

    public int code() {
        return code;
    }

    /** Shortest legal payload in bytes. */
    public int minLength() {
        return minLength;
    }

    /** Longest legal payload in bytes. */
    public int maxLength() {
        return maxLength;
    }

    /** Whether the frame carries a stream's id; all others carry 0. */
    public boolean ofStream() {
        return ofStream;
    }

    /** The type with this code (0 to 255), or null. */
    static @Nullable FrameType byCode(int code) {
        return BY_CODE[code];
    }
}
