package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.List;
import java.util.Map;

/** What client and servers of client version 2020-04-01 say to each other; see {@link InterPackets} about offsets. */
final class ClientPackets {
    // client -> login-server and back
    static final int CA_LOGIN = 0x64;
    static final int AC_ACCEPT_LOGIN = 0xac4;
    static final int AC_REFUSE_LOGIN = 0x83e;
    /** From every server: not here, not now. */
    static final int SC_NOTIFY_BAN = 0x81;

    // client -> char-server and back
    static final int CH_ENTER = 0x65;
    static final int CH_SELECT = 0x66;
    static final int CH_PING = 0x187;
    static final int CH_SELECT_MAP = 0x841;
    static final int HC_SLOTS = 0x82d;
    static final int HC_CHARACTERS = 0x6b;
    static final int HC_PAGES = 0x9a0;
    static final int HC_BLOCKED = 0x20d;
    static final int HC_PINCODE = 0x8b9;
    static final int HC_REFUSE = 0x6c;
    static final int HC_MAP_SERVER = 0xac5;
    static final int HC_ACCESSIBLE_MAPS = 0x840;

    // client -> map-server
    static final int CZ_ENTER = 0x436;
    static final int CZ_LOADED = 0x7d;
    static final int CZ_WALK = 0x35f;
    static final int CZ_TICK = 0x360;
    static final int CZ_PICK_UP = 0x362;
    static final int CZ_DROP = 0x363;
    static final int CZ_TRADE = 0xe4;
    static final int CZ_TRADE_ANSWER = 0xe6;
    static final int CZ_TRADE_OFFER = 0xe8;
    /** In a long parameter. */
    static final int ZENY = 20;

    static final int ZC_TRADE_OFFERED = 0xea;
    static final int CZ_TRADE_CONCLUDE = 0xeb;
    static final int CZ_TRADE_CANCEL = 0xed;
    static final int CZ_TRADE_COMMIT = 0xef;
    static final int ZC_TRADE_CANCELLED = 0xee;
    static final int ZC_TRADE_DONE = 0xf0;
    static final int ZC_TRADE_ASKED = 0x1f4;
    static final int ZC_TRADE_BEGINS = 0x1f5;
    static final int ZC_ITEM_GIVEN = 0x7fa;
    static final int CZ_TO_CART = 0x126;
    static final int CZ_FROM_CART = 0x127;
    static final int CZ_TO_STORAGE = 0x364;
    static final int CZ_FROM_STORAGE = 0x365;
    static final int CZ_CLOSE_STORAGE = 0xf7;
    static final int CZ_OPEN_SHOP = 0x1b2;
    static final int CZ_CLOSE_SHOP = 0x12e;
    static final int CZ_LOOK_AT_SHOP = 0x130;
    static final int CZ_BUY = 0x801;
    static final int CZ_WRITE_MAIL = 0xa08;
    static final int CZ_ATTACH = 0xa04;
    static final int CZ_SEND_MAIL = 0xa6e;
    static final int ZC_STORAGE_COUNT = 0xf2;
    static final int ZC_STORAGE_LESS = 0xf6;
    static final int ZC_STORAGE_CLOSED = 0xf8;
    static final int ZC_STORAGE_MORE = 0xa0a;
    static final int ZC_CART_LESS = 0x125;
    static final int ZC_CART_MORE = 0xa0b;
    static final int ZC_SHOP_SIGN = 0x131;
    static final int ZC_SHOP = 0x800;
    static final int ZC_SHOP_OPENED = 0xa28;
    static final int ZC_SOLD = 0x9e5;
    static final int ZC_MAIL_BEGUN = 0xa12;
    static final int ZC_ATTACHED = 0xa05;
    static final int ZC_MAIL_WRITTEN = 0x9ed;
    static final int CZ_ACT = 0x437;
    static final int CZ_CHAT = 0xf3;
    static final int CZ_WHISPER = 0x96;
    static final int CZ_PARTY_CHAT = 0x108;
    static final int CZ_PARTY_CREATE = 0x1e8;
    static final int CZ_PARTY_INVITE = 0x2c4;
    static final int CZ_PARTY_ANSWER = 0x2c7;
    static final int CZ_PARTY_LEAVE = 0x100;
    static final int CZ_USE_ITEM = 0x439;
    static final int CZ_RESTART = 0xb2;
    static final int CZ_QUIT = 0x18a;

    // map-server -> client
    static final int ZC_ENTERING = 0x283;
    static final int ZC_INVENTORY_SIZE = 0xb18;
    static final int ZC_ENTERED = 0x2eb;
    static final int ZC_FRIENDS = 0x201;
    static final int ZC_MAP = 0x91;
    static final int ZC_SERVER_MOVE = 0xac7;
    static final int ZC_TICK = 0x7f;
    static final int ZC_AUCTION = 0x250;
    static final int ZC_CHAT = 0x8e;
    static final int ZC_CHAT_OF_OTHER = 0x8d;
    static final int ZC_WALK = 0x87;
    static final int ZC_STOP = 0x88;
    static final int ZC_VANISH = 0x80;
    static final int ZC_STANDS = 0x9ff;
    static final int ZC_NAME = 0xadf;
    static final int ZC_ITEMS_BEGIN = 0xb08;
    static final int ZC_ITEMS_STACK = 0xb09;
    static final int ZC_ITEMS_EQUIP = 0xb0a;
    static final int ZC_ITEMS_END = 0xb0b;
    static final int ZC_PARAMETER = 0xb0;
    static final int ZC_LONG_PARAMETER = 0xb1;
    static final int ZC_EXP_PARAMETER = 0xacb;
    static final int ZC_EXP_GAINED = 0xacc;
    static final int ZC_DAMAGE = 0x8c8;
    static final int ZC_MONSTER_HP = 0x977;
    static final int ZC_ITEM_FELL = 0xadd;
    static final int ZC_ITEM_GONE = 0xa1;
    static final int ZC_ITEM_PICKED = 0xa37;
    static final int ZC_ITEM_DROPPED = 0xaf;
    static final int ZC_ITEM_USED = 0x1c8;
    static final int ZC_WHISPER = 0x9de;
    static final int ZC_WHISPER_ACK = 0x9df;
    static final int ZC_PARTY_CHAT = 0x109;
    static final int ZC_PARTY_CREATED = 0xfa;
    static final int ZC_PARTY_INVITE_ACK = 0x2c5;
    static final int ZC_PARTY_INVITED = 0x2c6;
    static final int ZC_PARTY_LIST = 0xae5;
    static final int ZC_RESTART_ACK = 0xb3;
    static final int ZC_QUIT_ACK = 0x18b;
    static final int ZC_ICON = 0x983;
    static final int ZC_ICON_OFF = 0x196;

    /** What a char-server sends clients; before it, once, four bare bytes. */
    static final Map<Integer, Integer> CHAR_TO_CLIENT = Map.of(
            HC_SLOTS, -1,
            HC_CHARACTERS, -1,
            HC_PAGES, 6,
            HC_BLOCKED, -1,
            HC_PINCODE, 12,
            HC_REFUSE, 3,
            HC_MAP_SERVER, 156,
            HC_ACCESSIBLE_MAPS, -1,
            SC_NOTIFY_BAN, 3);

    static final Map<Integer, Integer> CLIENT_TO_CHAR =
            Map.of(CH_ENTER, 17, CH_SELECT, 3, CH_PING, 6, CH_SELECT_MAP, 4);

    static final Map<Integer, Integer> LOGIN_TO_CLIENT =
            Map.of(AC_ACCEPT_LOGIN, -1, AC_REFUSE_LOGIN, 26, SC_NOTIFY_BAN, 3);

    static final Map<Integer, Integer> CLIENT_TO_LOGIN = Map.of(CA_LOGIN, 55);

    private static final int CHARACTER_LENGTH = 155;
    private static final String MAP_SUFFIX = ".gat";
    private static final int HEALING = 0;
    private static final int MISCELLANEOUS = 3;
    private static final int ARMOUR = 4;
    private static final int WEAPON = 5;
    private static final int TEXT_LIMIT = 255;

    private ClientPackets() {}

    static Packet login(String name, String password) {
        return Packet.fixed(CA_LOGIN, 55)
                .u32(2, 20_200_401)
                .text(6, Names.LENGTH, name)
                .text(30, Names.LENGTH, password)
                .u8(54, 'f');
    }

    static Packet acceptLogin(int loginId1, int accountId, int loginId2, int sex, Endpoint charServer) {
        return Packet.variable(AC_ACCEPT_LOGIN, 64 + 160)
                .u32(4, loginId1)
                .u32(8, accountId)
                .u32(12, loginId2)
                .u8(46, sex)
                .i32be(64, charServer.address())
                .u16(68, charServer.port())
                .text(70, 20, "rAthena");
    }

    static Packet refuseLogin(int reason) {
        return Packet.fixed(AC_REFUSE_LOGIN, 26).u32(2, reason);
    }

    static Packet ban(int reason) {
        return Packet.fixed(SC_NOTIFY_BAN, 3).u8(2, reason);
    }

    static Packet charEnter(int accountId, int loginId1, int loginId2, int sex) {
        return Packet.fixed(CH_ENTER, 17)
                .u32(2, accountId)
                .u32(6, loginId1)
                .u32(10, loginId2)
                .u8(16, sex);
    }

    static Packet select(int slot) {
        return Packet.fixed(CH_SELECT, 3).u8(2, slot);
    }

    static Packet selectMap(int slot, int map) {
        return Packet.fixed(CH_SELECT_MAP, 4).u8(2, slot).u8(3, map);
    }

    /** The account id bare, without a packet's id: what the char-server says first. */
    static Packet bareAccount(int accountId) {
        return Packet.of(new byte[4]).u32(0, accountId);
    }

    static Packet slots() {
        return Packet.variable(HC_SLOTS, 29).u8(4, 15).u8(7, 15).u8(8, 15);
    }

    static Packet characters(List<Status> characters) {
        Packet packet = Packet.variable(HC_CHARACTERS, 27 + CHARACTER_LENGTH * characters.size())
                .u8(4, 15)
                .u8(5, 15)
                .u8(6, 15);
        for (int i = 0; i < characters.size(); i++) {
            int at = 27 + CHARACTER_LENGTH * i;
            Status status = characters.get(i);
            packet.u32(at, status.charId())
                    .i64(at + 4, status.baseExp())
                    .u32(at + 12, status.zeny())
                    .i64(at + 16, status.jobExp())
                    .u32(at + 24, status.jobLevel())
                    .u16(at + 48, 48)
                    .u32(at + 50, status.hp())
                    .u32(at + 54, status.maxHp())
                    .u16(at + 58, status.sp())
                    .u16(at + 60, status.maxSp())
                    .u16(at + 62, 150)
                    .u16(at + 66, 1)
                    .u16(at + 72, status.baseLevel())
                    .u16(at + 84, 1)
                    .text(at + 88, Names.LENGTH, status.name())
                    .u8(at + 118, status.slot())
                    .u8(at + 119, 1)
                    .u16(at + 120, 1)
                    .text(at + 122, Names.MAP_LENGTH, status.lastPoint().map() + MAP_SUFFIX)
                    .u8(at + 154, status.sex());
            for (int stat = 0; stat < 6; stat++) {
                packet.u8(at + 112 + stat, status.stat(stat));
            }
        }
        return packet;
    }

    static Packet pages() {
        return Packet.fixed(HC_PAGES, 6).u32(2, 5);
    }

    static Packet blocked() {
        return Packet.variable(HC_BLOCKED, 4);
    }

    /** PIN codes are off. */
    static Packet pincode(int accountId) {
        return Packet.fixed(HC_PINCODE, 12).u32(6, accountId);
    }

    static Packet refuse() {
        return Packet.fixed(HC_REFUSE, 3);
    }

    static Packet mapServer(int charId, String map, Endpoint server) {
        return Packet.fixed(HC_MAP_SERVER, 156)
                .u32(2, charId)
                .text(6, Names.MAP_LENGTH, map + MAP_SUFFIX)
                .i32be(22, server.address())
                .u16(26, server.port());
    }

    /** @param up by name, in the order the client counts them */
    static Packet accessibleMaps(Map<String, Boolean> up) {
        Packet packet = Packet.variable(HC_ACCESSIBLE_MAPS, 4 + 20 * up.size());
        int at = 4;
        for (Map.Entry<String, Boolean> map : up.entrySet()) {
            packet.u32(at, map.getValue() ? 0 : 1).text(at + 4, Names.MAP_LENGTH, map.getKey() + MAP_SUFFIX);
            at += 20;
        }
        return packet;
    }

    static Packet enter(int accountId, int charId, int loginId1, int tick, int sex) {
        return Packet.fixed(CZ_ENTER, 19)
                .u32(2, accountId)
                .u32(6, charId)
                .u32(10, loginId1)
                .u32(14, tick)
                .u8(18, sex);
    }

    static Packet walk(int x, int y) {
        return position(Packet.fixed(CZ_WALK, 5), 2, x, y);
    }

    static Packet tick(int id, int tick) {
        return Packet.fixed(id, 6).u32(2, tick);
    }

    static Packet act(int target, int action) {
        return Packet.fixed(CZ_ACT, 7).u32(2, target).u8(6, action);
    }

    static Packet pickUp(int floorId) {
        return Packet.fixed(CZ_PICK_UP, 6).u32(2, floorId);
    }

    static Packet drop(int slot, int amount) {
        return Packet.fixed(CZ_DROP, 6).u16(2, slot + 2).u16(4, amount);
    }

    static Packet trade(int account) {
        return Packet.fixed(CZ_TRADE, 6).u32(2, account);
    }

    static Packet tradeAccepted() {
        return Packet.fixed(CZ_TRADE_ANSWER, 3).u8(2, 3);
    }

    /** Slot -2 is money. */
    static Packet tradeOffer(int slot, int amount) {
        return Packet.fixed(CZ_TRADE_OFFER, 8).u16(2, slot + 2).u32(4, amount);
    }

    /** What he offers is in the trade: his client counts it as gone. Money is slot -2. */
    static Packet tradeOffered(int slot) {
        return Packet.fixed(ZC_TRADE_OFFERED, 5).u16(2, slot + 2);
    }

    static Packet tradeAsked(Player by) {
        return Packet.fixed(ZC_TRADE_ASKED, 32)
                .text(2, Names.LENGTH, by.name())
                .u32(26, by.charId)
                .u16(30, by.status.baseLevel());
    }

    static Packet tradeBegins(Player with) {
        return Packet.fixed(ZC_TRADE_BEGINS, 9).u8(2, 3).u32(3, with.charId).u16(7, with.status.baseLevel());
    }

    static Packet tradeDone() {
        return Packet.fixed(ZC_TRADE_DONE, 3);
    }

    static Packet tradeCancelled() {
        return Packet.fixed(ZC_TRADE_CANCELLED, 2);
    }

    static Packet itemGiven(int slot, int amount) {
        return Packet.fixed(ZC_ITEM_GIVEN, 8).u16(4, slot + 2).u16(6, amount);
    }

    /** Out of inventory, cart or storage into another of them. */
    static Packet move(int id, int index, int amount) {
        return Packet.fixed(id, 8).u16(2, index).u32(4, amount);
    }

    static Packet openShop(String title, int cartSlot, int amount, int price) {
        return Packet.variable(CZ_OPEN_SHOP, 93)
                .text(4, 80, title)
                .u8(84, 1)
                .u16(85, cartSlot + 2)
                .u16(87, amount)
                .u32(89, price);
    }

    static Packet buy(int account, int shop, int cartSlot, int amount) {
        return Packet.variable(CZ_BUY, 16)
                .u32(4, account)
                .u32(8, shop)
                .u16(12, amount)
                .u16(14, cartSlot + 2);
    }

    static Packet mailTo(String name) {
        return Packet.fixed(CZ_WRITE_MAIL, 26).text(2, Names.LENGTH, name);
    }

    static Packet attach(int slot, int amount) {
        return Packet.fixed(CZ_ATTACH, 6).u16(2, slot + 2).u16(4, amount);
    }

    static Packet sendMail(String to, String from, long zeny, String title) {
        int length = title.length() + 1;
        return Packet.variable(CZ_SEND_MAIL, 68 + length)
                .text(4, Names.LENGTH, to)
                .text(28, Names.LENGTH, from)
                .i64(52, zeny)
                .u16(60, length)
                .text(68, length, title);
    }

    static Packet cartMore(int slot, Item item, int amount) {
        return more(Packet.fixed(ZC_CART_MORE, 57), slot + 2, item, amount);
    }

    static Packet cartLess(int slot, int amount) {
        return Packet.fixed(ZC_CART_LESS, 8).u16(2, slot + 2).u32(4, amount);
    }

    /** Slots of a storage count from 1. */
    static Packet storageMore(int slot, Item item, int amount) {
        return more(Packet.fixed(ZC_STORAGE_MORE, 57), slot + 1, item, amount);
    }

    static Packet storageLess(int slot, int amount) {
        return Packet.fixed(ZC_STORAGE_LESS, 8).u16(2, slot + 1).u32(4, amount);
    }

    private static Packet more(Packet packet, int index, Item item, int amount) {
        return packet.u16(2, index).u32(4, amount).u32(8, item.nameId()).u8(13, 1);
    }

    static Packet storageCount(int used, int slots) {
        return Packet.fixed(ZC_STORAGE_COUNT, 6).u16(2, used).u16(4, slots);
    }

    static Packet storageClosed() {
        return Packet.fixed(ZC_STORAGE_CLOSED, 2);
    }

    static Packet shopSign(int account, String title) {
        return Packet.fixed(ZC_SHOP_SIGN, 86).u32(2, account).text(6, 80, title);
    }

    static Packet shopOpened() {
        return Packet.fixed(ZC_SHOP_OPENED, 3);
    }

    /** Whose shop it is and its number; what it sells is known to whom it interests. */
    static Packet shop(int account, int number) {
        return Packet.variable(ZC_SHOP, 12).u32(4, account).u32(8, number);
    }

    static Packet sold(int cartSlot, int amount, int buyer, int zeny) {
        return Packet.fixed(ZC_SOLD, 18)
                .u16(2, cartSlot + 2)
                .u16(4, amount)
                .u32(6, buyer)
                .u32(14, zeny);
    }

    static Packet mailBegun(String to) {
        return Packet.fixed(ZC_MAIL_BEGUN, 27).text(2, Names.LENGTH, to).u8(26, 1);
    }

    static Packet attached(int slot, int amount, Item item) {
        return Packet.fixed(ZC_ATTACHED, 63)
                .u8(2, 0)
                .u16(3, slot + 2)
                .u16(5, amount)
                .u32(7, item.nameId());
    }

    /** @param result 0 sent, 1 failed */
    static Packet mailWritten(int result) {
        return Packet.fixed(ZC_MAIL_WRITTEN, 3).u8(2, result);
    }

    static Packet text(int id, String text) {
        String bounded = text.length() > TEXT_LIMIT ? text.substring(0, TEXT_LIMIT) : text;
        int length = bounded.length() + 1;
        return Packet.variable(id, 4 + length).text(4, length, bounded);
    }

    static String text(Packet packet) {
        return packet.text(4, packet.length() - 4);
    }

    static Packet whisper(String to, String text) {
        int length = text.length() + 1;
        return Packet.variable(CZ_WHISPER, 28 + length)
                .text(4, Names.LENGTH, to)
                .text(28, length, text);
    }

    static Packet useItem(int slot, int accountId) {
        return Packet.fixed(CZ_USE_ITEM, 8).u16(2, slot + 2).u32(4, accountId);
    }

    static Packet partyCreate(String name) {
        return Packet.fixed(CZ_PARTY_CREATE, 28).text(2, Names.LENGTH, name);
    }

    static Packet partyInvite(String name) {
        return Packet.fixed(CZ_PARTY_INVITE, 26).text(2, Names.LENGTH, name);
    }

    static Packet partyAnswer(int partyId, boolean accept) {
        return Packet.fixed(CZ_PARTY_ANSWER, 7).u32(2, partyId).u8(6, accept ? 1 : 0);
    }

    static Packet restart() {
        return Packet.fixed(CZ_RESTART, 3).u8(2, 1);
    }

    static Packet quit() {
        return Packet.fixed(CZ_QUIT, 4);
    }

    static Packet loaded() {
        return Packet.fixed(CZ_LOADED, 2);
    }

    // map-server -> client

    static Packet entering(int accountId) {
        return Packet.fixed(ZC_ENTERING, 6).u32(2, accountId);
    }

    static Packet inventorySize() {
        return Packet.fixed(ZC_INVENTORY_SIZE, 4);
    }

    static Packet entered(int tick, int x, int y) {
        return position(Packet.fixed(ZC_ENTERED, 13), 6, x, y)
                .u32(2, tick)
                .u8(9, 5)
                .u8(10, 5);
    }

    static Packet friends() {
        return Packet.variable(ZC_FRIENDS, 4);
    }

    static Packet map(Point point) {
        return Packet.fixed(ZC_MAP, 22)
                .text(2, Names.MAP_LENGTH, point.map() + MAP_SUFFIX)
                .u16(18, point.x())
                .u16(20, point.y());
    }

    static Packet serverMove(Point point, Endpoint server) {
        return Packet.fixed(ZC_SERVER_MOVE, 156)
                .text(2, Names.MAP_LENGTH, point.map() + MAP_SUFFIX)
                .u16(18, point.x())
                .u16(20, point.y())
                .i32be(22, server.address())
                .u16(26, server.port());
    }

    /** The map of {@link #ZC_MAP}, {@link #ZC_SERVER_MOVE} without suffix. */
    static Point point(Packet packet) {
        return new Point(plain(packet.text(2, Names.MAP_LENGTH)), packet.u16(18), packet.u16(20));
    }

    static String plain(String map) {
        return map.endsWith(MAP_SUFFIX) ? map.substring(0, map.length() - MAP_SUFFIX.length()) : map;
    }

    static Packet walks(int tick, int fromX, int fromY, int toX, int toY) {
        return Packet.fixed(ZC_WALK, 12)
                .u32(2, tick)
                .u8(6, fromX >> 2)
                .u8(7, fromX << 6 | (fromY >> 4 & 0x3f))
                .u8(8, fromY << 4 | (toX >> 6 & 0x0f))
                .u8(9, toX << 2 | (toY >> 8 & 0x03))
                .u8(10, toY)
                .u8(11, 0x88);
    }

    static int walksToX(Packet packet) {
        return (packet.u8(8) & 0x0f) << 6 | packet.u8(9) >> 2;
    }

    static int walksToY(Packet packet) {
        return (packet.u8(9) & 0x03) << 8 | packet.u8(10);
    }

    static Packet stop(int id, int x, int y) {
        return Packet.fixed(ZC_STOP, 10).u32(2, id).u16(6, x).u16(8, y);
    }

    static Packet vanish(int id, boolean died) {
        return Packet.fixed(ZC_VANISH, 7).u32(2, id).u8(6, died ? 1 : 0);
    }

    /** @param kind 0 player, 5 monster */
    static Packet stands(int kind, int id, int charId, int look, int x, int y, String name) {
        Packet packet = Packet.variable(ZC_STANDS, 84 + Names.LENGTH)
                .u8(4, kind)
                .u32(5, id)
                .u32(9, charId)
                .u16(13, kind == 0 ? 150 : 400)
                .u16(23, look)
                .text(84, Names.LENGTH, name);
        for (int i = 73; i < 81; i++) {
            packet.u8(i, 0xff);
        }
        return position(packet, 63, x, y);
    }

    static Packet name(int id, String name) {
        return Packet.fixed(ZC_NAME, 58).u32(2, id).text(10, Names.LENGTH, name);
    }

    static Packet itemsBegin() {
        return Packet.variable(ZC_ITEMS_BEGIN, 6);
    }

    /** Stacks and equipment apart, each with the slot it lies in. */
    static Packet items(boolean equipment, Map<Integer, Item> bySlot) {
        int size = equipment ? 67 : 34;
        Packet packet = Packet.variable(equipment ? ZC_ITEMS_EQUIP : ZC_ITEMS_STACK, 5 + size * bySlot.size());
        int at = 5;
        for (Map.Entry<Integer, Item> entry : bySlot.entrySet()) {
            Item item = entry.getValue();
            packet.u16(at, entry.getKey() + 2).u32(at + 2, item.nameId());
            if (equipment) {
                packet.u8(at + 6, item.nameId() < 2_000 ? WEAPON : ARMOUR)
                        .u32(at + 7, item.equip())
                        .u32(at + 11, item.equip())
                        .u8(at + 66, 1);
            } else {
                packet.u8(at + 6, item.nameId() < 700 ? HEALING : MISCELLANEOUS)
                        .u16(at + 7, item.amount())
                        .u8(at + 33, 1);
            }
            at += size;
        }
        return packet;
    }

    static Packet itemsEnd() {
        return Packet.fixed(ZC_ITEMS_END, 4);
    }

    static Packet parameter(int type, int value) {
        return Packet.fixed(ZC_PARAMETER, 8).u16(2, type).u32(4, value);
    }

    static Packet zeny(int zeny) {
        return Packet.fixed(ZC_LONG_PARAMETER, 8).u16(2, ZENY).u32(4, zeny);
    }

    /** @param type 1 base, 2 job */
    static Packet exp(int type, long exp) {
        return Packet.fixed(ZC_EXP_PARAMETER, 12).u16(2, type).i64(4, exp);
    }

    static Packet expGained(int accountId, int type, long exp) {
        return Packet.fixed(ZC_EXP_GAINED, 18).u32(2, accountId).i64(6, exp).u16(14, type);
    }

    static Packet damage(int from, int to, int tick, int damage) {
        return Packet.fixed(ZC_DAMAGE, 34)
                .u32(2, from)
                .u32(6, to)
                .u32(10, tick)
                .u32(14, 589)
                .u32(18, 480)
                .u32(22, damage)
                .u16(27, 1);
    }

    static Packet monsterHp(int id, int hp, int maxHp) {
        return Packet.fixed(ZC_MONSTER_HP, 14).u32(2, id).u32(6, hp).u32(10, maxHp);
    }

    static Packet itemFell(int floorId, Item item, int x, int y) {
        return Packet.fixed(ZC_ITEM_FELL, 24)
                .u32(2, floorId)
                .u32(6, item.nameId())
                .u16(10, 3)
                .u8(12, 1)
                .u16(13, x)
                .u16(15, y)
                .u8(17, 12)
                .u8(18, 12)
                .u16(19, item.amount());
    }

    static Packet itemGone(int floorId) {
        return Packet.fixed(ZC_ITEM_GONE, 6).u32(2, floorId);
    }

    static Packet itemPicked(int slot, Item item, int amount) {
        return Packet.fixed(ZC_ITEM_PICKED, 69)
                .u16(2, slot + 2)
                .u16(4, amount)
                .u32(6, item.nameId())
                .u8(10, 1)
                .u8(33, 3);
    }

    /** Not taken: the pack is full, or it lies too far. */
    static Packet itemRefused() {
        return Packet.fixed(ZC_ITEM_PICKED, 69).u8(34, 2);
    }

    static Packet itemDropped(int slot, int amount) {
        return Packet.fixed(ZC_ITEM_DROPPED, 6).u16(2, slot + 2).u16(4, amount);
    }

    static Packet itemUsed(int slot, int nameId, int accountId, int left) {
        return Packet.fixed(ZC_ITEM_USED, 15)
                .u16(2, slot + 2)
                .u32(4, nameId)
                .u32(8, accountId)
                .u16(12, left)
                .u8(14, 1);
    }

    static Packet chatOfOther(int accountId, String text) {
        int length = text.length() + 1;
        return Packet.variable(ZC_CHAT_OF_OTHER, 8 + length).u32(4, accountId).text(8, length, text);
    }

    static Packet whispered(String from, String text) {
        int length = text.length() + 1;
        return Packet.variable(ZC_WHISPER, 33 + length)
                .text(8, Names.LENGTH, from)
                .text(33, length, text);
    }

    /** @param result 0 arrived, 1 not online, 2 ignored */
    static Packet whisperAck(int result) {
        return Packet.fixed(ZC_WHISPER_ACK, 7).u8(2, result);
    }

    static Packet partyChat(int accountId, String text) {
        int length = text.length() + 1;
        return Packet.variable(ZC_PARTY_CHAT, 8 + length).u32(4, accountId).text(8, length, text);
    }

    static Packet partyCreated(int result) {
        return Packet.fixed(ZC_PARTY_CREATED, 3).u8(2, result);
    }

    static Packet partyInviteAck(String name, int result) {
        return Packet.fixed(ZC_PARTY_INVITE_ACK, 30).text(2, Names.LENGTH, name).u32(26, result);
    }

    static Packet partyInvited(int partyId, String name) {
        return Packet.fixed(ZC_PARTY_INVITED, 30).u32(2, partyId).text(6, Names.LENGTH, name);
    }

    static Packet restartAck() {
        return Packet.fixed(ZC_RESTART_ACK, 3).u8(2, 1);
    }

    /** An item of the player's was taken for an auction. */
    static Packet auctionTaken() {
        return Packet.fixed(ZC_AUCTION, 3).u8(2, 1);
    }

    static Packet quitAck() {
        return Packet.fixed(ZC_QUIT_ACK, 4);
    }

    static Packet icon(int type, int accountId, int milliseconds) {
        return Packet.fixed(ZC_ICON, 29)
                .u16(2, type)
                .u32(4, accountId)
                .u8(8, 1)
                .u32(9, milliseconds)
                .u32(13, milliseconds);
    }

    static Packet iconOff(int type, int accountId) {
        return Packet.fixed(ZC_ICON_OFF, 9).u16(2, type).u32(4, accountId);
    }

    /** Ten bits x, ten bits y, four bits direction. */
    private static Packet position(Packet packet, int at, int x, int y) {
        return packet.u8(at, x >> 2).u8(at + 1, x << 6 | (y >> 4 & 0x3f)).u8(at + 2, y << 4);
    }

    static int positionX(Packet packet, int at) {
        return packet.u8(at) << 2 | packet.u8(at + 1) >> 6;
    }

    static int positionY(Packet packet, int at) {
        return (packet.u8(at + 1) & 0x3f) << 4 | packet.u8(at + 2) >> 4;
    }
}
