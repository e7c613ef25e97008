package io.p2phost.relay.player;

import io.p2phost.ro.client.ClientToMap;
import org.jspecify.annotations.Nullable;

/** Kinds of packets of which a client may send only so many; nobody misses what a person cannot do so fast. */
public enum Kind {
    /** Lines to others, near or far. */
    CHAT,
    /** Wishes to walk. */
    MOVE,
    /** Blows and skills. */
    ACTION;

    /** By the packet's standard id; null for all others. */
    static @Nullable Kind of(int id) {
        return switch (id) {
            case ClientToMap.SAY,
                    ClientToMap.WHISPER,
                    ClientToMap.PARTY_CHAT,
                    ClientToMap.GUILD_CHAT,
                    ClientToMap.BATTLEGROUND_CHAT,
                    ClientToMap.CLAN_CHAT -> CHAT;
            case ClientToMap.WALK_REQUEST -> MOVE;
            case ClientToMap.ACT, ClientToMap.USE_SKILL, ClientToMap.USE_SKILL_ON_GROUND -> ACTION;
            default -> null;
        };
    }
}
