package io.p2phost.ro.client;

import io.p2phost.ro.Packet;

/**
 * A cell of a map as clients and map-servers pack it: ten bits for x, ten for y, four for where one looks.
 *
 * @param x 0..1023
 * @param y 0..1023
 * @param direction 0..15; 0 to 7 are used, from north against the clock
 */
public record Cell(int x, int y, int direction) {
    private static final int COORDINATES = 1024;

    public Cell {
        if (x < 0 || x >= COORDINATES || y < 0 || y >= COORDINATES || direction < 0 || direction > 15) {
            throw new IllegalArgumentException(
                    "cell: " + x + "," + y + "," + direction + " (expected: 0..1023, 0..1023, 0..15)");
        }
    }

    /** The position in the 3 bytes there. */
    static Cell read(Packet packet, int at) {
        int b = packet.u8(at + 1);
        int c = packet.u8(at + 2);
        return new Cell(packet.u8(at) << 2 | b >> 6, (b & 0x3f) << 4 | c >> 4, c & 0x0f);
    }

    /** Where the path in the 6 bytes there begins. */
    static Cell readPathStart(Packet packet, int at) {
        Cell cell = read(packet, at);
        return new Cell(cell.x, cell.y, 0);
    }

    /** Where the path in the 6 bytes there ends. */
    static Cell readPathEnd(Packet packet, int at) {
        int d = packet.u8(at + 3);
        return new Cell((packet.u8(at + 2) & 0x0f) << 6 | d >> 2, (d & 0x03) << 8 | packet.u8(at + 4), 0);
    }

    void write(Packet packet, int at) {
        packet.u8(at, x >> 2).u8(at + 1, x << 6 | y >> 4).u8(at + 2, y << 4 | direction);
    }

    /** {@code inside} is where in the cells the path begins: 4 bits for x, 4 for y, in sixteenths of a cell. */
    static void writePath(Packet packet, int at, Cell from, Cell to, int inside) {
        packet.u8(at, from.x >> 2)
                .u8(at + 1, from.x << 6 | from.y >> 4)
                .u8(at + 2, from.y << 4 | to.x >> 6)
                .u8(at + 3, to.x << 2 | to.y >> 8)
                .u8(at + 4, to.y)
                .u8(at + 5, inside);
    }
}
