package io.p2phost.dbproxy.mux;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of each packet that a map-server behind the multiplexer sends: deny by default, one row per packet id of
 * the inter-server range. A host's map-server is never believed; the reserve is ours, yet bound to its players too.
 *
 * @param host rule for a map-server on a player's machine
 * @param reserve rule for the reserve
 * @param reason why, for the published table
 */
record FromServer(int id, Rule host, Rule reserve, String reason) {
    /** The dispositions. */
    enum Rule {
        /** Goes on as it is. */
        PASS,
        /** Goes on if it is about a player whom that server may write now. */
        OWN,
        /** Part of a save group: goes on with the whole group, after the group's own checks. */
        GROUP,
        /** Answered or acted on here; what goes on, if anything, is written here. */
        HERE,
        /** Refused and counted; an honest map-server sends it when a player or a script wants what is not to be had there. */
        REFUSE,
        /** Refused and counted: nothing that runs on a host has a reason to send it. */
        FORBID
    }

    private static final Map<Integer, FromServer> TABLE = new Table().rows();

    static Optional<FromServer> of(int id) {
        return Optional.ofNullable(TABLE.get(id));
    }

    /** All rows, by id. */
    static Map<Integer, FromServer> table() {
        return TABLE;
    }

    Rule rule(boolean onHost) {
        return onHost ? host : reserve;
    }

    private static final class Table {
        private final Map<Integer, FromServer> rows = new LinkedHashMap<>();

        Map<Integer, FromServer> rows() {
            login();
            players();
            chat();
            partyAndGuild();
            mailAndAuction();
            progress();
            companions();
            clans();
            return Map.copyOf(rows);
        }

        private void login() {
            here(0x2af8, "login: answered here, the char-server's password is never shown");
            here(
                    0x2afa,
                    "maps: must be exactly what this server was given; the char-server is told all eligible maps once");
            here(0x2afe, "number of users: summed over all servers");
            here(0x2aff, "list of users: the session table is the truth; the reserve's ends who went down with it");
            forbid(0x2b13, "new address: nobody but the operator moves the front");
            here(0x2b18, "all of this server offline: each session ends by its own rules");
            here(0x2b23, "keep-alive: each link has its own");
            here(0x3040, "castles: answered from the copy");
            here(0x30a0, "clans: answered from the copy");
        }

        private void players() {
            here(0x2b26, "authentication: answered from the record that was fetched before any host was touched");
            own(0x2afc, "load status changes");
            own(0x2b0a, "load cooldowns");
            own(0x2b2d, "load bonus scripts");
            own(0x3005, "load variables");
            own(0x308a, "load items");
            group(0x2b1c, "save status changes");
            group(0x2b15, "save cooldowns");
            group(0x2b2e, "save bonus scripts: script text is not taken from a host");
            group(0x308b, "save items");
            group(0x3004, "save variables: names by allow-list");
            group(0x2b01, "save the character: closes a save group");
            here(
                    0x2b02,
                    "back to character select: only after the player's own restart packet, with the real session ids");
            here(0x2b05, "server change: moves behind the multiplexer are decided here");
            here(0x2b17, "player offline: ends his session if he is this server's");
            here(0x2b19, "player online: told by the session table");
            own(0x2b07, "remove a friend");
            here(0x2b08, "name of a character: limited in rate");
            forbid(0x2b0c, "changes an account's e-mail");
            refuse(0x2b0e, "bans, unbans, or changes sex of another player by name");
            reserve(0x2b10, "fame points: a host's word would rank its owner");
            reservePass(0x2b11, "divorce by two characters' numbers");
            reservePass(0x2b1a, "rebuilds the fame lists");
            forbid(0x2b28, "bans an account by name");
            forbid(0x2b2a, "unbans an account by name");
        }

        private void chat() {
            reservePass(0x3000, "broadcast to all players");
            here(0x3001, "whisper: the sender must be this server's player");
            here(0x3002, "whisper delivered: counts once, from the server that was asked");
            reservePass(0x3003, "whisper to all staff");
            reservePass(0x3009, "item broadcast");
            refuse(0x3006, "renames a character");
            refuse(0x3007, "reads an account's data");
        }

        private void partyAndGuild() {
            own(0x3020, "create a party");
            own(0x3021, "party of a player");
            own(0x3022, "join a party");
            own(0x3023, "sharing rules of a party");
            own(0x3024, "leave a party; nobody else can be thrown out from a host");
            own(0x3025, "map and level of a party member");
            reserveAlone(0x3026, "dissolves a party by its number alone");
            own(0x3027, "party chat; shown on the other servers behind the multiplexer too");
            forbid(0x3028, "nobody sends it");
            reservePass(0x3029, "makes anybody leader of a party");
            reserveAlone(0x302a, "level range of all parties");
            own(0x3030, "create a guild");
            here(0x3031, "guild by its number: only a guild that a player there belongs to");
            reserve(0x3032, "joins anybody to a guild");
            reservePass(0x3033, "hands a guild to another");
            own(0x3034, "leave a guild; nobody else can be thrown out from a host");
            own(0x3035, "a guild member's level and class");
            reservePass(0x3036, "dissolves a guild by its number alone");
            own(0x3037, "guild chat; shown on the other servers behind the multiplexer too");
            forbid(0x3038, "nobody sends it");
            reservePass(0x3039, "guild's basic data");
            reserve(0x303a, "a guild member's position and tax");
            reservePass(0x303b, "positions of a guild");
            reserve(0x303c, "guild skills");
            reservePass(0x303d, "alliances");
            reservePass(0x303e, "guild notice");
            reservePass(0x303f, "guild emblem");
            refuse(0x3041, "castle data: castles are core's");
            reservePass(0x3042, "guild emblem");
            forbid(0x3010, "nobody sends it");
            forbid(0x3011, "nobody sends it");
            refuse(0x3018, "guild storage: each map-server keeps a copy, so only core may open it");
            refuse(0x3019, "guild storage: each map-server keeps a copy, so only core may open it");
        }

        private void mailAndAuction() {
            own(0x3048, "mailbox at entering");
            for (int id : new int[] {0x3049, 0x304a, 0x304b, 0x304c, 0x304d, 0x304e}) {
                refuse(id, "mail: takes effect before the sender's payment is saved");
            }
            for (int id : new int[] {0x3050, 0x3051, 0x3052, 0x3053, 0x3055}) {
                refuse(id, "auction: takes effect before the payment is saved");
            }
            reservePass(0x3056, "takes guild-bound items from a member who left, wherever he plays");
        }

        private void progress() {
            own(0x3060, "load quests");
            own(0x3061, "save quests");
            own(0x3062, "load achievements");
            own(0x3063, "save achievements");
            refuse(0x3064, "achievement reward: makes an item and mails it");
        }

        private void companions() {
            own(0x3070, "create a mercenary: never over an older one");
            own(0x3071, "load a mercenary: only one that is his");
            here(0x3072, "delete a mercenary: only one of a player there");
            own(0x3073, "save a mercenary: only one that is his");
            own(0x307c, "create an elemental: never over an older one");
            own(0x307d, "load an elemental: only one that is his");
            here(0x307e, "delete an elemental: only one of a player there");
            own(0x307f, "save an elemental: only one that is his");
            own(0x3080, "create a pet: so many at a time");
            own(0x3081, "load a pet: only one that is his");
            own(0x3082, "save a pet: only one that is his");
            here(0x3083, "delete a pet: only one of a player there");
            own(0x3090, "create a homunculus: never over an older one");
            own(0x3091, "load a homunculus: only one that is his");
            own(0x3092, "save a homunculus: only one that is his");
            here(0x3093, "delete a homunculus: only one of a player there");
        }

        private void clans() {
            here(0x30a1, "clan chat; shown on the other servers behind the multiplexer too");
            reservePass(0x30a2, "a clan's count of members");
            reservePass(0x30a3, "a clan's count of members");
        }

        private void own(int id, String reason) {
            add(new FromServer(id, Rule.OWN, Rule.OWN, reason));
        }

        private void group(int id, String reason) {
            add(new FromServer(id, Rule.GROUP, Rule.GROUP, reason));
        }

        private void here(int id, String reason) {
            add(new FromServer(id, Rule.HERE, Rule.HERE, reason));
        }

        private void refuse(int id, String reason) {
            add(new FromServer(id, Rule.REFUSE, Rule.REFUSE, reason));
        }

        private void forbid(int id, String reason) {
            add(new FromServer(id, Rule.FORBID, Rule.FORBID, reason));
        }

        private void reserveAlone(int id, String reason) {
            add(new FromServer(id, Rule.FORBID, Rule.PASS, reason));
        }

        private void reserve(int id, String reason) {
            add(new FromServer(id, Rule.REFUSE, Rule.OWN, reason));
        }

        private void reservePass(int id, String reason) {
            add(new FromServer(id, Rule.REFUSE, Rule.PASS, reason));
        }

        private void add(FromServer row) {
            if (rows.putIfAbsent(row.id, row) != null) {
                throw new IllegalStateException(String.format("packet %04x has two dispositions", row.id));
            }
        }
    }
}
