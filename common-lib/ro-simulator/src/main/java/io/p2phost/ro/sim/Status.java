package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;

/**
 * A character's record ({@code mmo_charstatus}) as rAthena's servers pass it on: bytes, of which only the fields named
 * here are ever looked at. What is not touched survives every round trip unchanged.
 */
public final class Status {
    /** Length for client versions from 2019-05-22 on, Linux. */
    public static final int LENGTH = 8856;

    private static final int CHAR_ID = 0;
    private static final int ACCOUNT_ID = 4;
    private static final int BASE_EXP = 24;
    private static final int JOB_EXP = 32;
    private static final int ZENY = 40;
    private static final int STATUS_POINTS = 48;
    private static final int HP = 60;
    private static final int MAX_HP = 64;
    private static final int SP = 68;
    private static final int MAX_SP = 72;
    private static final int HAIR = 92;
    private static final int HAIR_COLOR = 94;
    private static final int PARTY_ID = 100;
    private static final int NAME = 169;
    private static final int BASE_LEVEL = 196;
    private static final int JOB_LEVEL = 200;
    private static final int STATS = 204;
    private static final int SLOT = 228;
    private static final int SEX = 229;
    private static final int LAST_POINT = 238;
    private static final int SAVE_POINT = 264;
    private static final int UNIQUE_ITEM_COUNTER = 8832;
    private static final int INVENTORY_SLOTS = 8848;

    private final Packet bytes;

    private Status(byte[] bytes) {
        this.bytes = Packet.of(bytes);
    }

    /** A view of these bytes, not a copy. */
    static Status of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("status: " + bytes.length + " bytes (expected: " + LENGTH + ")");
        }
        return new Status(bytes);
    }

    /** What the character creation of a stock char-server writes. */
    static Status novice(int charId, int accountId, String name, int slot, int sex, Point start) {
        Status status = new Status(new byte[LENGTH]);
        status.bytes
                .u32(CHAR_ID, charId)
                .u32(ACCOUNT_ID, accountId)
                .u32(HP, 40)
                .u32(MAX_HP, 40)
                .u32(SP, 11)
                .u32(MAX_SP, 11)
                .text(NAME, Names.LENGTH, name)
                .u32(BASE_LEVEL, 1)
                .u32(JOB_LEVEL, 1)
                .u8(SLOT, slot)
                .u8(SEX, sex)
                .u16(INVENTORY_SLOTS, 100);
        for (int stat = 0; stat < 6; stat++) {
            status.bytes.u16(STATS + 2 * stat, 1);
        }
        status.bytes.u16(HAIR, 1).u16(HAIR_COLOR, 1).u32(STATUS_POINTS, 48).u32(ZENY, 1000);
        return status.lastPoint(start).savePoint(start);
    }

    /** The bytes themselves. */
    public byte[] bytes() {
        return bytes.bytes();
    }

    public Status copy() {
        return new Status(bytes().clone());
    }

    public int charId() {
        return bytes.i32(CHAR_ID);
    }

    public int accountId() {
        return bytes.i32(ACCOUNT_ID);
    }

    public String name() {
        return bytes.text(NAME, Names.LENGTH);
    }

    public int slot() {
        return bytes.u8(SLOT);
    }

    public int sex() {
        return bytes.u8(SEX);
    }

    public int zeny() {
        return bytes.i32(ZENY);
    }

    Status zeny(int zeny) {
        bytes.u32(ZENY, zeny);
        return this;
    }

    public long baseExp() {
        return bytes.i64(BASE_EXP);
    }

    Status baseExp(long exp) {
        bytes.i64(BASE_EXP, exp);
        return this;
    }

    public long jobExp() {
        return bytes.i64(JOB_EXP);
    }

    Status jobExp(long exp) {
        bytes.i64(JOB_EXP, exp);
        return this;
    }

    public int baseLevel() {
        return bytes.i32(BASE_LEVEL);
    }

    Status baseLevel(int level) {
        bytes.u32(BASE_LEVEL, level);
        return this;
    }

    public int jobLevel() {
        return bytes.i32(JOB_LEVEL);
    }

    public int hp() {
        return bytes.i32(HP);
    }

    Status hp(int hp) {
        bytes.u32(HP, hp);
        return this;
    }

    public int sp() {
        return bytes.i32(SP);
    }

    int maxHp() {
        return bytes.i32(MAX_HP);
    }

    int maxSp() {
        return bytes.i32(MAX_SP);
    }

    int stat(int index) {
        return bytes.u16(STATS + 2 * index);
    }

    public int partyId() {
        return bytes.i32(PARTY_ID);
    }

    Status partyId(int partyId) {
        bytes.u32(PARTY_ID, partyId);
        return this;
    }

    public Point lastPoint() {
        return point(LAST_POINT);
    }

    Status lastPoint(Point point) {
        return point(LAST_POINT, point);
    }

    public Point savePoint() {
        return point(SAVE_POINT);
    }

    Status savePoint(Point point) {
        return point(SAVE_POINT, point);
    }

    public long uniqueItemCounter() {
        return bytes.i64(UNIQUE_ITEM_COUNTER);
    }

    Status uniqueItemCounter(long counter) {
        bytes.i64(UNIQUE_ITEM_COUNTER, counter);
        return this;
    }

    private Point point(int offset) {
        return new Point(
                bytes.text(offset, Names.MAP_LENGTH),
                bytes.u16(offset + Names.MAP_LENGTH),
                bytes.u16(offset + Names.MAP_LENGTH + 2));
    }

    private Status point(int offset, Point point) {
        bytes.text(offset, Names.MAP_LENGTH, point.map())
                .u16(offset + Names.MAP_LENGTH, point.x())
                .u16(offset + Names.MAP_LENGTH + 2, point.y());
        return this;
    }
}
