package io.p2phost.ro.client;

/** Ids of packets clients of 2020-04-01 send to map-servers, named as in {@code client-packets.txt}. */
public final class ClientToMap {
    public static final int MAP_LOADED = 0x007d;
    public static final int WHISPER = 0x0096;
    public static final int RESTART = 0x00b2;
    public static final int TRADE_COMMIT = 0x00ef;
    public static final int SAY = 0x00f3;
    public static final int PARTY_CHAT = 0x0108;
    public static final int BODY_TO_CART = 0x0126;
    public static final int CART_TO_BODY = 0x0127;
    public static final int STORE_TO_CART = 0x0128;
    public static final int CART_TO_STORE = 0x0129;
    public static final int GUILD_CHAT = 0x017e;
    public static final int QUIT_REQUEST = 0x018a;
    public static final int BATTLEGROUND_CHAT = 0x02db;
    public static final int WALK_REQUEST = 0x035f;
    public static final int TIME_REQUEST = 0x0360;
    public static final int PICK_UP = 0x0362;
    public static final int DROP = 0x0363;
    public static final int USE_SKILL_ON_GROUND = 0x0366;
    public static final int ENTER = 0x0436;
    public static final int ACT = 0x0437;
    public static final int USE_SKILL = 0x0438;
    public static final int VENDING_BUY = 0x0801;
    public static final int BUYING_STORE_SELL = 0x0811;
    public static final int CLAN_CHAT = 0x098d;
    public static final int MAIL_WRITE = 0x0a08;

    private ClientToMap() {}
}
