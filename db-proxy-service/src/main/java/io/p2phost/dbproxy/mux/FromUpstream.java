package io.p2phost.dbproxy.mux;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who behind the multiplexer gets each packet that the char-server sends on its link: a host sees nothing of players who
 * are not on it.
 *
 * @param reason why, for the published table
 */
record FromUpstream(int id, To to, String reason) {
    /** The receivers. */
    enum To {
        /** The server on which the player it is for plays. */
        PLAYER,
        /** Every server with a player of that party. */
        PARTY,
        /** Every server with a player of that guild. */
        GUILD,
        /** Every server: it is public. */
        ALL,
        /** The reserve alone: staff matters. */
        RESERVE,
        /** Acted on here. */
        HERE,
        /** Nobody. */
        NOBODY
    }

    private static final Map<Integer, FromUpstream> TABLE = new Table().rows();

    static Optional<FromUpstream> of(int id) {
        return Optional.ofNullable(TABLE.get(id));
    }

    /** All rows, by id. */
    static Map<Integer, FromUpstream> table() {
        return TABLE;
    }

    private static final class Table {
        private final Map<Integer, FromUpstream> rows = new LinkedHashMap<>();

        Map<Integer, FromUpstream> rows() {
            links();
            players();
            others();
            return Map.copyOf(rows);
        }

        private void links() {
            here(0x2af9, "answer to our login");
            here(0x2afb, "our maps are announced");
            here(0x2b04, "maps of core; kept for servers that log in later");
            here(0x2b20, "core's maps are gone; told in both byte orders, because map-servers compare the wrong one");
            here(0x2b1b, "fame lists; kept for servers that log in later");
            here(0x2b24, "keep-alive, and the barrier behind a replay");
            here(0x388c, "storage tables; kept for servers that log in later");
            here(0x3840, "castles; kept");
            here(0x38a0, "clans; kept");
            add(0x2b00, To.ALL, "number of users");
            add(0x2b1e, To.NOBODY, "asks for our address, which does not change");
            add(0x2b22, To.ALL, "one place of a fame list");
        }

        private void players() {
            here(0x2afd, "authentication accepted: kept until the player's server asks");
            here(0x2b27, "authentication refused: told to the relay, no host is touched");
            here(0x2b03, "back to character select granted");
            here(0x2b06, "server change granted or refused: session ids are translated");
            here(0x2b1f, "kick: to his server, to the relay, and the session ends");
            add(0x2b21, To.NOBODY, "final save done, stored or not: his server is told once it is known to be stored");
            here(0x2b14, "ban, of an account or of a character: as a kick");
            here(0x2b0d, "change of sex: as a kick, because a map-server answers it with one");
            add(0x2b12, To.ALL, "divorce");
            add(0x2b2b, To.PLAYER, "VIP");
            add(0x2b0b, To.PLAYER, "cooldowns");
            add(0x2b1d, To.PLAYER, "status changes");
            add(0x2b2f, To.PLAYER, "bonus scripts");
            here(0x2b09, "name of a character: to whoever asked");
            add(0x2b0f, To.RESERVE, "answer to a staff command");
            add(0x2b25, To.NOBODY, "adoption ended; read at the next entering");
            add(0x3804, To.PLAYER, "variables");
            add(0x388a, To.PLAYER, "items");
            add(0x388b, To.PLAYER, "items saved");
            add(0x3806, To.PLAYER, "renamed");
            add(0x3860, To.PLAYER, "quests");
            add(0x3861, To.PLAYER, "quests saved");
            add(0x3862, To.PLAYER, "achievements");
            add(0x3863, To.PLAYER, "achievements saved");
            add(0x3864, To.PLAYER, "achievement reward");
            add(0x3848, To.PLAYER, "mailbox");
            add(0x3849, To.PLAYER, "mail came");
            add(0x384a, To.PLAYER, "mail attachment");
            add(0x384b, To.PLAYER, "mail deleted");
            add(0x384c, To.PLAYER, "mail returned");
            add(0x384d, To.PLAYER, "mail sent");
            add(0x384e, To.PLAYER, "receiver of a mail");
            add(0x3850, To.PLAYER, "auctions");
            add(0x3851, To.PLAYER, "auction registered");
            add(0x3852, To.PLAYER, "auction cancelled");
            add(0x3853, To.PLAYER, "auction closed");
            add(0x3854, To.PLAYER, "auction message");
            add(0x3855, To.PLAYER, "bid");
            add(0x3856, To.RESERVE, "guild-bound items taken");
            add(0x3857, To.NOBODY, "guild-bound items for the guild storage, which is core's");
        }

        private void others() {
            add(0x3800, To.ALL, "broadcast");
            here(0x3801, "whisper: to the server on which the receiver plays");
            here(0x3802, "whisper's answer: to the server on which the sender plays");
            add(0x3803, To.RESERVE, "whisper to staff");
            add(0x3807, To.RESERVE, "an account's data");
            add(0x3808, To.RESERVE, "an account's data");
            add(0x3809, To.ALL, "item broadcast");
            add(0x3818, To.NOBODY, "guild storage is core's");
            add(0x3819, To.NOBODY, "guild storage is core's");
            here(0x3820, "party created");
            here(0x3821, "party: to one who asked, or to all its members");
            here(0x3822, "joined a party");
            add(0x3823, To.PARTY, "sharing rules of a party");
            here(0x3824, "left a party");
            add(0x3825, To.PARTY, "map and level of a party member");
            here(0x3826, "party dissolved");
            add(0x3827, To.PARTY, "party chat");
            here(0x3830, "guild created");
            add(0x3831, To.GUILD, "guild");
            here(0x3832, "joined a guild");
            here(0x3834, "left a guild");
            add(0x3835, To.GUILD, "a guild member's level and class");
            here(0x3836, "guild dissolved");
            add(0x3837, To.GUILD, "guild chat");
            add(0x3839, To.GUILD, "guild's basic data");
            add(0x383a, To.GUILD, "guild member's data");
            add(0x383b, To.GUILD, "positions of a guild");
            add(0x383c, To.GUILD, "guild skill");
            add(0x383d, To.ALL, "alliance");
            add(0x383e, To.GUILD, "guild notice");
            add(0x383f, To.GUILD, "guild emblem");
            add(0x3841, To.GUILD, "guild emblem");
            add(0x3843, To.GUILD, "guild master");
            add(0x3870, To.PLAYER, "mercenary");
            add(0x3871, To.NOBODY, "mercenary deleted; a map-server needs no answer");
            add(0x3872, To.NOBODY, "mercenary saved; a map-server needs no answer");
            add(0x387c, To.PLAYER, "elemental");
            add(0x387d, To.NOBODY, "elemental deleted; a map-server needs no answer");
            add(0x387e, To.NOBODY, "elemental saved; a map-server needs no answer");
            add(0x3880, To.PLAYER, "pet created");
            add(0x3881, To.PLAYER, "pet");
            add(0x3882, To.PLAYER, "pet saved");
            add(0x3883, To.NOBODY, "pet deleted; a map-server needs no answer");
            add(0x3890, To.PLAYER, "homunculus created");
            add(0x3891, To.PLAYER, "homunculus");
            add(0x3892, To.PLAYER, "homunculus saved");
            add(0x3893, To.NOBODY, "homunculus deleted; a map-server needs no answer");
            add(0x38a1, To.ALL, "clan chat");
            add(0x38a2, To.ALL, "a clan's members online");
        }

        private void here(int id, String reason) {
            add(id, To.HERE, reason);
        }

        private void add(int id, To to, String reason) {
            if (rows.putIfAbsent(id, new FromUpstream(id, to, reason)) != null) {
                throw new IllegalStateException(String.format("packet %04x has two dispositions", id));
            }
        }
    }
}
