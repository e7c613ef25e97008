package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What the simulated map-server and char-server say to each other, byte by byte as the real ones do. Offsets stand here
 * and where the packet is read, and on purpose not in the tables the product uses: a fault in those must not hide
 * itself.
 */
final class InterPackets {
    static final int LOGIN = 0x2af8;
    static final int LOGIN_ACK = 0x2af9;
    static final int MAPS = 0x2afa;
    static final int MAPS_ACK = 0x2afb;
    static final int STATUS_CHANGES_REQUEST = 0x2afc;
    static final int AUTH_OK = 0x2afd;
    static final int USER_COUNT = 0x2afe;
    static final int USERS = 0x2aff;
    static final int TOTAL_USERS = 0x2b00;
    static final int SAVE = 0x2b01;
    static final int CHAR_SELECT = 0x2b02;
    static final int CHAR_SELECT_ACK = 0x2b03;
    static final int OTHER_MAPS = 0x2b04;
    static final int CHANGE_SERVER = 0x2b05;
    static final int CHANGE_SERVER_ACK = 0x2b06;
    static final int NAME_REQUEST = 0x2b08;
    static final int NAME_ACK = 0x2b09;
    static final int COOLDOWNS_REQUEST = 0x2b0a;
    static final int COOLDOWNS = 0x2b0b;
    static final int NEW_ADDRESS = 0x2b13;
    static final int COOLDOWNS_SAVE = 0x2b15;
    static final int OFFLINE = 0x2b17;
    static final int ALL_OFFLINE = 0x2b18;
    static final int ONLINE = 0x2b19;
    static final int FAME = 0x2b1b;
    static final int STATUS_CHANGES_SAVE = 0x2b1c;
    static final int STATUS_CHANGES = 0x2b1d;
    static final int KICK = 0x2b1f;
    static final int MAPS_GONE = 0x2b20;
    static final int SAVE_ACK = 0x2b21;
    static final int KEEP_ALIVE = 0x2b23;
    static final int KEEP_ALIVE_ACK = 0x2b24;
    static final int AUTH = 0x2b26;
    static final int AUTH_FAILED = 0x2b27;
    static final int BONUS_REQUEST = 0x2b2d;
    static final int BONUS_SAVE = 0x2b2e;
    static final int BONUS = 0x2b2f;

    static final int WHISPER = 0x3001;
    static final int WHISPER_ANSWER = 0x3002;
    static final int VARIABLES_SAVE = 0x3004;
    static final int VARIABLES_REQUEST = 0x3005;
    static final int PARTY_CREATE = 0x3020;
    static final int PARTY_REQUEST = 0x3021;
    static final int PARTY_JOIN = 0x3022;
    static final int PARTY_LEAVE = 0x3024;
    static final int PARTY_MOVED = 0x3025;
    static final int PARTY_CHAT = 0x3027;
    static final int CASTLES_REQUEST = 0x3040;
    static final int MAIL_REQUEST = 0x3048;
    static final int QUESTS_REQUEST = 0x3060;
    static final int QUESTS_SAVE = 0x3061;
    static final int ACHIEVEMENTS_REQUEST = 0x3062;
    static final int ACHIEVEMENTS_SAVE = 0x3063;
    static final int ITEMS_REQUEST = 0x308a;
    static final int ITEMS_SAVE = 0x308b;
    static final int CLANS_REQUEST = 0x30a0;

    static final int WHISPERED = 0x3801;
    static final int WHISPER_END = 0x3802;
    static final int AUCTION_TAKEN = 0x3851;
    static final int VARIABLES = 0x3804;
    static final int PARTY_CREATED = 0x3820;
    static final int PARTY = 0x3821;
    static final int PARTY_JOINED = 0x3822;
    static final int PARTY_LEFT = 0x3824;
    static final int PARTY_MEMBER = 0x3825;
    static final int PARTY_SAID = 0x3827;
    static final int CASTLES = 0x3840;
    static final int MAIL = 0x3848;
    static final int QUESTS = 0x3860;
    static final int QUESTS_SAVED = 0x3861;
    static final int ACHIEVEMENTS = 0x3862;
    static final int ACHIEVEMENTS_SAVED = 0x3863;
    static final int ITEMS = 0x388a;
    static final int ITEMS_SAVED = 0x388b;
    static final int STORAGES = 0x388c;
    static final int CLANS = 0x38a0;

    /** Where the record begins in a save and in an auth answer. */
    static final int SAVE_STATUS = 13;

    static final int AUTH_OK_STATUS = 25;

    /** Where the items begin in a load's answer and in a save. */
    static final int ITEMS_AT = 10;

    static final int ITEMS_SAVE_AT = 13;

    static final int SEND_MAIL = 0x304d;
    static final int MAIL_SENT = 0x384d;
    static final int MAX_ATTACHED = 5;
    static final int MAIL_TITLE = 40;

    /** {@code mail_message} and where in it what is attached begins. */
    static final int MAIL_MESSAGE = 1_024;

    private static final int MAIL_ZENY = 632;
    private static final int MAIL_ITEMS = 636;
    private static final int STATUS_CHANGE_LENGTH = 48;
    private static final List<Integer> CASTLE_IDS = List.of(
            33, 32, 31, 30, 29, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
            24, 25, 26, 27, 28);
    private static final int MAIL_LENGTH = 30_738;
    private static final int CASTLE_LENGTH = 224;
    private static final int CLAN_LENGTH = 4_272;

    private InterPackets() {}

    // map-server -> char-server

    static Packet login(String user, String password, Endpoint announced) {
        return Packet.fixed(LOGIN, 60)
                .text(2, 24, user)
                .text(26, 24, password)
                .i32be(54, announced.address())
                .u16be(58, announced.port());
    }

    static Packet maps(Collection<String> maps) {
        return names(Packet.variable(MAPS, 4 + maps.size() * Names.MAP_LENGTH), 4, maps);
    }

    static Packet castlesRequest() {
        Packet packet = Packet.variable(CASTLES_REQUEST, 4 + 4 * CASTLE_IDS.size());
        for (int i = 0; i < CASTLE_IDS.size(); i++) {
            packet.u32(4 + 4 * i, CASTLE_IDS.get(i));
        }
        return packet;
    }

    /** An id and nothing else. */
    static Packet bare(int id) {
        return Packet.fixed(id, 2);
    }

    static Packet users(List<int[]> accountAndChar) {
        Packet packet = Packet.variable(USERS, 6 + 8 * accountAndChar.size()).u16(4, accountAndChar.size());
        for (int i = 0; i < accountAndChar.size(); i++) {
            packet.u32(6 + 8 * i, accountAndChar.get(i)[0])
                    .u32(10 + 8 * i, accountAndChar.get(i)[1]);
        }
        return packet;
    }

    static Packet userCount(int users) {
        return Packet.fixed(USER_COUNT, 4).u16(2, users);
    }

    static Packet auth(int accountId, int charId, int loginId1, int sex, int clientAddress, boolean autotrade) {
        return Packet.fixed(AUTH, 20)
                .u32(2, accountId)
                .u32(6, charId)
                .u32(10, loginId1)
                .u8(14, sex)
                .i32be(15, clientAddress)
                .u8(19, autotrade ? 1 : 0);
    }

    static Packet variablesRequest(int accountId, int charId) {
        return Packet.fixed(VARIABLES_REQUEST, 13)
                .u32(2, accountId)
                .u32(6, charId)
                .u8(10, 1)
                .u8(11, 1)
                .u8(12, 1);
    }

    static Packet itemsRequest(int type, int accountId, int charId) {
        return Packet.fixed(ITEMS_REQUEST, 13)
                .u8(2, type)
                .u32(3, accountId)
                .u32(7, charId)
                .u8(12, 3);
    }

    static Packet ofPlayer(int id, int accountId, int charId) {
        return Packet.fixed(id, 10).u32(2, accountId).u32(6, charId);
    }

    /** Character first: {@link #ONLINE} and {@link #OFFLINE} have it so. */
    static Packet ofCharacterAndAccount(int id, int charId, int accountId) {
        return Packet.fixed(id, 10).u32(2, charId).u32(6, accountId);
    }

    static Packet ofCharacter(int id, int charId) {
        return Packet.fixed(id, 6).u32(2, charId);
    }

    static Packet mailRequest(int charId) {
        return Packet.fixed(MAIL_REQUEST, 8).u32(2, charId);
    }

    static Packet save(Status status, boolean quit) {
        return Packet.variable(SAVE, SAVE_STATUS + Status.LENGTH)
                .u32(4, status.accountId())
                .u32(8, status.charId())
                .u8(12, quit ? 1 : 0)
                .bytes(SAVE_STATUS, status.bytes());
    }

    static Packet itemsSave(Storage storage, int type, int accountId, int charId) {
        return Packet.variable(ITEMS_SAVE, ITEMS_SAVE_AT + Storage.LENGTH)
                .u8(4, type)
                .u32(5, accountId)
                .u32(9, charId)
                .bytes(ITEMS_SAVE_AT, storage.bytes());
    }

    /** A {@code mail_message} of one sender, with what is attached. */
    static Packet sendMail(int accountId, Status from, String to, String title, int zeny, List<Item> items) {
        Packet packet = Packet.variable(SEND_MAIL, 8 + MAIL_MESSAGE)
                .u32(4, accountId)
                .u32(12, from.charId())
                .text(16, Names.LENGTH, from.name())
                .text(44, Names.LENGTH, to)
                .text(68, MAIL_TITLE, title)
                .u32(8 + MAIL_ZENY, zeny);
        for (int i = 0; i < items.size(); i++) {
            packet.bytes(8 + MAIL_ITEMS + i * Item.LENGTH, items.get(i).bytes());
        }
        return packet;
    }

    static int mailZeny(Packet sent) {
        return sent.i32(4 + MAIL_ZENY);
    }

    /** What was attached to the mail of this answer. */
    static List<Item> mailItems(Packet sent) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < MAX_ATTACHED; i++) {
            Item item = Item.of(sent.slice(4 + MAIL_ITEMS + i * Item.LENGTH, Item.LENGTH));
            if (item.amount() > 0) {
                items.add(item);
            }
        }
        return items;
    }

    static Packet bonusSave(int charId) {
        return Packet.variable(BONUS_SAVE, 9).u32(4, charId);
    }

    static Packet statusChanges(int id, int accountId, int charId, List<SimDatabase.StatusChange> changes) {
        Packet packet = Packet.variable(id, 14 + STATUS_CHANGE_LENGTH * changes.size())
                .u32(4, accountId)
                .u32(8, charId)
                .u16(12, changes.size());
        for (int i = 0; i < changes.size(); i++) {
            int at = 14 + STATUS_CHANGE_LENGTH * i;
            SimDatabase.StatusChange change = changes.get(i);
            packet.u16(at, change.type())
                    .i64(at + 8, change.val1())
                    .i64(at + 16, change.val2())
                    .i64(at + 24, change.val3())
                    .i64(at + 32, change.val4())
                    .i64(at + 40, change.tick());
        }
        return packet;
    }

    static List<SimDatabase.StatusChange> statusChanges(Packet packet) {
        List<SimDatabase.StatusChange> changes = new ArrayList<>();
        for (int i = 0; i < packet.u16(12); i++) {
            int at = 14 + STATUS_CHANGE_LENGTH * i;
            changes.add(new SimDatabase.StatusChange(
                    packet.u16(at),
                    packet.i64(at + 8),
                    packet.i64(at + 16),
                    packet.i64(at + 24),
                    packet.i64(at + 32),
                    packet.i64(at + 40)));
        }
        return changes;
    }

    /** Variables that got numbers; 0 deletes. */
    static Packet variablesSave(int accountId, int charId, Map<String, Long> values) {
        List<Packet> entries = new ArrayList<>();
        int length = 14;
        for (Map.Entry<String, Long> variable : values.entrySet()) {
            Packet entry = variableSave(variable.getKey(), variable.getValue());
            entries.add(entry);
            length += entry.length();
        }
        Packet packet = Packet.variable(VARIABLES_SAVE, length)
                .u32(4, accountId)
                .u32(8, charId)
                .u16(12, entries.size());
        int at = 14;
        for (Packet entry : entries) {
            packet.bytes(at, entry.bytes());
            at += entry.length();
        }
        return packet;
    }

    private static Packet variableSave(String name, long value) {
        int key = name.length() + 1;
        Packet entry = Packet.of(new byte[1 + key + 5 + (value == 0 ? 0 : 8)])
                .u8(0, key)
                .text(1, key, name)
                .u8(key + 5, value == 0 ? 1 : 0);
        return value == 0 ? entry : entry.i64(key + 6, value);
    }

    static Packet changeServer(
            Status status, int loginId1, int loginId2, Point to, Endpoint server, int clientAddress, int groupId) {
        return Packet.fixed(CHANGE_SERVER, 53)
                .u32(2, status.accountId())
                .u32(6, loginId1)
                .u32(10, loginId2)
                .u32(14, status.charId())
                .text(18, Names.MAP_LENGTH, to.map())
                .u16(34, to.x())
                .u16(36, to.y())
                .i32be(38, server.address())
                .u16be(42, server.port())
                .u8(44, status.sex())
                .i32be(45, clientAddress)
                .u32(49, groupId);
    }

    static Packet charSelect(int accountId, int loginId1, int loginId2, int clientAddress) {
        return Packet.fixed(CHAR_SELECT, 18)
                .u32(2, accountId)
                .u32(6, loginId1)
                .u32(10, loginId2)
                .i32be(14, clientAddress);
    }

    static Packet whisper(int groupLevel, String from, String to, String text) {
        int length = text.length() + 1;
        return Packet.variable(WHISPER, 56 + length)
                .u32(4, groupLevel)
                .text(8, Names.LENGTH, from)
                .text(32, Names.LENGTH, to)
                .text(56, length, text);
    }

    static Packet whisperAnswer(int id, int flag) {
        return Packet.fixed(WHISPER_ANSWER, 7).u32(2, id).u8(6, flag);
    }

    static Packet partyCreate(String name, Party.Member leader) {
        Packet packet = Packet.variable(PARTY_CREATE, 30 + Party.MEMBER_LENGTH).text(4, Names.LENGTH, name);
        leader.write(packet, 30);
        return packet;
    }

    static Packet partyRequest(int partyId, int charId) {
        return Packet.fixed(PARTY_REQUEST, 10).u32(2, partyId).u32(6, charId);
    }

    static Packet partyJoin(int partyId, Party.Member member) {
        Packet packet = Packet.variable(PARTY_JOIN, 8 + Party.MEMBER_LENGTH).u32(4, partyId);
        member.write(packet, 8);
        return packet;
    }

    static Packet partyLeave(int partyId, Status status) {
        return Packet.fixed(PARTY_LEAVE, 39)
                .u32(2, partyId)
                .u32(6, status.accountId())
                .u32(10, status.charId())
                .text(14, Names.LENGTH, status.name());
    }

    static Packet partyMoved(Status status, String map, boolean online) {
        return Packet.fixed(PARTY_MOVED, 33)
                .u32(2, status.partyId())
                .u32(6, status.accountId())
                .u32(10, status.charId())
                .u8(14, online ? 1 : 0)
                .u16(15, status.baseLevel())
                .text(17, Names.MAP_LENGTH, map);
    }

    static Packet partyChat(int id, int partyId, int accountId, String text) {
        int length = text.length() + 1;
        return Packet.variable(id, 12 + length)
                .u32(4, partyId)
                .u32(8, accountId)
                .text(12, length, text);
    }

    static Packet log(int id, int charId, byte[] entries) {
        return Packet.variable(id, 8 + entries.length).u32(4, charId).bytes(8, entries);
    }

    // char-server -> map-server

    static Packet loginAck(int result) {
        return Packet.fixed(LOGIN_ACK, 3).u8(2, result);
    }

    /** The one storage every server has. */
    static Packet storages() {
        return Packet.variable(STORAGES, 288)
                .text(4, Names.LENGTH, "Storage")
                .text(28, Names.LENGTH, "storage")
                .u16(284, Storage.slots(Storage.STORAGE));
    }

    static Packet mapsAck() {
        return Packet.variable(MAPS_ACK, 53).text(5, Names.LENGTH, "Server").text(29, Names.LENGTH, "rAthena");
    }

    static Packet fame() {
        return Packet.variable(FAME, 8).u16(4, 8).u16(6, 8);
    }

    static Packet otherMaps(int id, Endpoint server, Collection<String> maps) {
        Packet packet = Packet.variable(id, 10 + maps.size() * Names.MAP_LENGTH)
                .i32be(4, server.address())
                .u16be(8, server.port());
        return names(packet, 10, maps);
    }

    static Packet authOk(
            int accountId, int loginId1, int loginId2, int groupId, boolean changingServer, Status status) {
        return Packet.variable(AUTH_OK, AUTH_OK_STATUS + Status.LENGTH)
                .u32(4, accountId)
                .u32(8, loginId1)
                .u32(12, loginId2)
                .u32(20, groupId)
                .u8(24, changingServer ? 1 : 0)
                .bytes(AUTH_OK_STATUS, status.bytes());
    }

    static Packet authFailed(Packet request) {
        return Packet.fixed(AUTH_FAILED, 19).bytes(2, request.slice(2, 17));
    }

    static Packet totalUsers(int users) {
        return Packet.fixed(TOTAL_USERS, 6).u32(2, users);
    }

    static Packet charSelectAck(int accountId) {
        return Packet.fixed(CHAR_SELECT_ACK, 7).u32(2, accountId).u8(6, 1);
    }

    /** @param accepted otherwise the login id is zeroed, which is how it says no */
    static Packet changeServerAck(Packet request, boolean accepted) {
        Packet packet = Packet.fixed(CHANGE_SERVER_ACK, 44).bytes(2, request.slice(2, 42));
        return accepted ? packet : packet.u32(6, 0);
    }

    static Packet name(int charId, String name) {
        return Packet.fixed(NAME_ACK, 30).u32(2, charId).text(6, Names.LENGTH, name);
    }

    static Packet cooldowns(int accountId, int charId, byte[] entries) {
        return Packet.variable(COOLDOWNS, 14 + entries.length)
                .u32(4, accountId)
                .u32(8, charId)
                .u16(12, entries.length / 16)
                .bytes(14, entries);
    }

    static Packet bonus(int charId, byte[] entries) {
        return Packet.variable(BONUS, 9 + entries.length)
                .u32(4, charId)
                .u8(8, entries.length / 528)
                .bytes(9, entries);
    }

    static Packet kick(int accountId, int reason) {
        return Packet.fixed(KICK, 7).u32(2, accountId).u8(6, reason);
    }

    static Packet variables(
            int accountId, int charId, int kind, boolean text, Map<SimDatabase.Variable, Object> values) {
        List<byte[]> entries = new ArrayList<>();
        int length = 16;
        for (Map.Entry<SimDatabase.Variable, Object> entry : values.entrySet()) {
            if (entry.getValue() instanceof String == text) {
                byte[] bytes = variable(entry.getKey(), entry.getValue());
                entries.add(bytes);
                length += bytes.length;
            }
        }
        Packet packet = Packet.variable(VARIABLES, length)
                .u32(4, accountId)
                .u32(8, charId)
                .u8(12, kind)
                .u8(13, text ? 1 : 0)
                .u16(14, entries.size());
        int at = 16;
        for (byte[] bytes : entries) {
            packet.bytes(at, bytes);
            at += bytes.length;
        }
        return packet;
    }

    private static byte[] variable(SimDatabase.Variable variable, Object value) {
        int key = variable.name().length() + 1;
        String text = value instanceof String string ? string : null;
        int length = text == null ? 8 : 1 + text.length() + 1;
        Packet packet = Packet.of(new byte[1 + key + 4 + length])
                .u8(0, key)
                .text(1, key, variable.name())
                .u32(1 + key, variable.index());
        int at = 1 + key + 4;
        return (text == null
                        ? packet.i64(at, (Long) value)
                        : packet.u8(at, text.length() + 1).text(at + 1, text.length() + 1, text))
                .bytes();
    }

    static Packet items(int type, int accountId, boolean loaded, Storage storage) {
        return Packet.variable(ITEMS, ITEMS_AT + Storage.LENGTH)
                .u8(4, type)
                .u32(5, accountId)
                .u8(9, loaded ? 1 : 0)
                .bytes(ITEMS_AT, storage.bytes());
    }

    static Packet itemsSaved(int accountId, boolean saved, int type, int storageId) {
        return Packet.fixed(ITEMS_SAVED, 9)
                .u32(2, accountId)
                .u8(6, saved ? 1 : 0)
                .u8(7, type)
                .u8(8, storageId);
    }

    static Packet logSaved(int id, int charId, boolean saved) {
        return Packet.fixed(id, 7).u32(2, charId).u8(6, saved ? 1 : 0);
    }

    /** An empty inbox. */
    static Packet mail(int charId) {
        return Packet.variable(MAIL, MAIL_LENGTH).u32(4, charId).u8(8, 0);
    }

    static Packet castles(Packet request) {
        int count = (request.length() - 4) / 4;
        Packet packet = Packet.variable(CASTLES, 4 + count * CASTLE_LENGTH);
        for (int i = 0; i < count; i++) {
            packet.u32(4 + i * CASTLE_LENGTH, request.u32(4 + 4 * i));
        }
        return packet;
    }

    /** Name, master, map, and relations: enemies have a minus. */
    static Packet clans() {
        List<String> clans = List.of(
                "Crossbow Clan/Shaam Rumi/payon/-2 3",
                "Golden Mace Clan/Berman Aire/prontera/1 2 4",
                "Arcwand Clan/Devon Aire/geffen/3 -4",
                "Swordman Clan/Raffam Oranpere/prontera/3");
        Packet packet = Packet.variable(CLANS, 4 + clans.size() * CLAN_LENGTH);
        for (int i = 0; i < clans.size(); i++) {
            String[] clan = clans.get(i).split("/");
            int at = 4 + i * CLAN_LENGTH;
            packet.u32(at, clans.size() - i)
                    .text(at + 4, Names.LENGTH, clan[0])
                    .text(at + 28, Names.LENGTH, clan[1])
                    .text(at + 52, Names.MAP_LENGTH, clan[2])
                    .u16(at + 68, 500);
            int relation = at + 4_072;
            for (String other : clan[3].split(" ")) {
                int id = Integer.parseInt(other);
                String name = clans.get(clans.size() - Math.abs(id)).split("/")[0];
                packet.u32(relation, id < 0 ? 1 : 0)
                        .u32(relation + 4, Math.abs(id))
                        .text(relation + 8, Names.LENGTH, name);
                relation += 32;
            }
        }
        return packet;
    }

    static Packet whispered(int id, Packet request) {
        return Packet.variable(WHISPERED, request.length() + 4)
                .u32(4, id)
                .u32(8, request.u32(4))
                .bytes(12, request.slice(8, request.length() - 8));
    }

    static Packet whisperEnd(String sender, int flag) {
        return Packet.fixed(WHISPER_END, 27).text(2, Names.LENGTH, sender).u8(26, flag);
    }

    static Packet partyCreated(int accountId, int charId, int partyId, String name) {
        return Packet.fixed(PARTY_CREATED, 39)
                .u32(2, accountId)
                .u32(6, charId)
                .u8(10, partyId == 0 ? 1 : 0)
                .u32(11, partyId)
                .text(15, Names.LENGTH, name);
    }

    static Packet party(int charId, Party party) {
        Packet packet = Packet.variable(PARTY, 8 + Party.LENGTH).u32(4, charId);
        party.write(packet, 8);
        return packet;
    }

    static Packet noParty(int charId, int partyId) {
        return Packet.variable(PARTY, 12).u32(4, charId).u32(8, partyId);
    }

    static Packet partyJoined(int partyId, int accountId, int charId, boolean joined) {
        return Packet.fixed(PARTY_JOINED, 15)
                .u32(2, partyId)
                .u32(6, accountId)
                .u32(10, charId)
                .u8(14, joined ? 0 : 1);
    }

    static Packet partyLeft(int partyId, Party.Member member, int type) {
        return Packet.fixed(PARTY_LEFT, 39)
                .u32(2, partyId)
                .u32(6, member.accountId())
                .u32(10, member.charId())
                .text(14, Names.LENGTH, member.name())
                .u8(38, type);
    }

    static Packet partyMember(int partyId, Party.Member member) {
        return Packet.fixed(PARTY_MEMBER, 33)
                .u32(2, partyId)
                .u32(6, member.accountId())
                .u32(10, member.charId())
                .u8(14, member.online() ? 1 : 0)
                .u16(15, member.level())
                .text(17, Names.MAP_LENGTH, member.map());
    }

    private static Packet names(Packet packet, int offset, Collection<String> names) {
        int at = offset;
        for (String name : names) {
            packet.text(at, Names.MAP_LENGTH, name);
            at += Names.MAP_LENGTH;
        }
        return packet;
    }

    static List<String> names(Packet packet, int offset) {
        List<String> names = new ArrayList<>();
        for (int at = offset; at + Names.MAP_LENGTH <= packet.length(); at += Names.MAP_LENGTH) {
            names.add(packet.text(at, Names.MAP_LENGTH));
        }
        return names;
    }
}
