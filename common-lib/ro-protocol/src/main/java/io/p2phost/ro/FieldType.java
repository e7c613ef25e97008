package io.p2phost.ro;

/** How a field's bytes are read. Little-endian, but for ports and addresses in network order. */
public enum FieldType {
    U8("u8", 1),
    U16("u16", 2),
    I16("i16", 2),
    U32("u32", 4),
    I32("i32", 4),
    I64("i64", 8),
    U16BE("u16be", 2),
    IP32BE("ip32be", 4),
    /** NUL-padded text, a byte a character. */
    TEXT("text", 0),
    /** The name of a map: 16 bytes, NUL-padded. */
    MAPNAME("mapname16", Packet.MAP_NAME),
    BYTES("bytes", 0);

    private final String word;
    private final int size;

    FieldType(String word, int size) {
        this.word = word;
        this.size = size;
    }

    /** The name it has in the packet and layout files; a number of bytes follows that of text and bytes. */
    public String word() {
        return word;
    }

    /** Bytes it takes; 0 when each field says so itself. */
    public int size() {
        return size;
    }

    boolean isNumber() {
        return size > 0 && this != MAPNAME;
    }
}
