package io.p2phost.ro.client;

/** Ids of packets map-servers send to clients of 2020-04-01, named as in {@code client-packets.txt}. */
public final class MapToClient {
    public static final int TIME = 0x007f;
    public static final int VANISHED = 0x0080;
    public static final int REFUSED = 0x0081;
    public static final int OWN_WALK = 0x0087;
    public static final int STOPPED = 0x0088;
    public static final int OWN_LINE = 0x008e;
    public static final int MAP_CHANGE = 0x0091;
    public static final int SERVER_MOVE_IP = 0x0092;
    public static final int FLOOR_ITEM_GONE = 0x00a1;
    public static final int DROPPED = 0x00af;
    public static final int PARAMETER = 0x00b0;
    public static final int LONG_PARAMETER = 0x00b1;
    public static final int RESTART_ANSWER = 0x00b3;
    public static final int DIALOG_END = 0x00b6;
    public static final int CHAT_ROOM_LEFT = 0x00dd;
    public static final int TRADE_CANCELLED = 0x00ee;
    public static final int TRADE_DONE = 0x00f0;
    public static final int STORAGE_CLOSED = 0x00f8;
    public static final int QUIT_ANSWER = 0x018b;
    public static final int ICON = 0x0196;
    public static final int SKILL_DAMAGE = 0x01de;
    public static final int APPEARANCE = 0x0229;
    public static final int AUCTION_WORD = 0x0250;
    public static final int ENTER_SEEN = 0x0283;
    public static final int COLOURED_LINE = 0x02c1;
    public static final int ENTER_ACCEPTED = 0x02eb;
    public static final int PROGRESS_END = 0x02f2;
    public static final int DAMAGE = 0x08c8;

    public static final int TIMED_ICON = 0x0983;
    public static final int UNIT_WALKS = 0x09fd;
    public static final int UNIT_SPAWNED = 0x09fe;
    public static final int UNIT_IDLE = 0x09ff;
    public static final int MAIL_WRITTEN = 0x0a12;
    public static final int ITEM_GAIN = 0x0a37;
    public static final int SERVER_MOVE = 0x0ac7;
    public static final int EXP_PARAMETER = 0x0acb;
    public static final int EXP_GAIN = 0x0acc;
    public static final int FLOOR_ITEM = 0x0add;
    public static final int INVENTORY_SIZE = 0x0b18;

    private MapToClient() {}
}
