package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the multiplexer asks of the rest. Calls return at once; what comes of them is brought back as an input. */
public interface Outside {
    /** The two logins that a char-server accepts. */
    enum Slot {
        /** Core's, passed through. */
        CORE,
        /** The multiplexer's. */
        MULTIPLEXER
    }

    /**
     * Connects to the char-server; ends in {@code upstreamOpened} or {@code upstreamClosed}. What was opened ends in
     * {@code upstreamClosed}, whoever closes it.
     */
    void dial(Slot slot);

    /**
     * Keeps a session. {@code done} runs on the multiplexer's thread, also when keeping failed or took too long: play goes
     * on, and the failure is counted where it happened.
     */
    void keep(SessionRow row, Runnable done);

    /** Forgets a session unless a newer one of the account was kept. */
    void forget(int account, long number);

    /**
     * Writes what was accepted of a character to the journal. What is sent from now on, to whomever, leaves only when it is
     * there, or when that failed or takes too long.
     *
     * @param written runs on the multiplexer's thread, later, if it is there in time
     */
    void journal(SavedGroup group, Runnable written);

    /** What the action journals is written all of it or nothing. */
    void together(Runnable action);

    /** A turn of transfers between players of a map-server is over. */
    void settled(Settled outcome, Duration took);

    /** The char-server has all that was journaled of that character until now. */
    void applied(int character);

    /**
     * What was journaled of that character until now is not replayed any more, and put aside for the operator: somebody has
     * him with older data, which should be impossible, and it must not be written over what comes since; or the database
     * takes what others are saved with, and not this.
     */
    void setAside(int character);

    /** A map that may be hosted has no owner: somebody should choose one. */
    void decide(MapName map, int account, @Nullable String relay);

    /** Tells a relay to move its player. */
    void rehome(Rehome rehome);

    /** Tells a relay to end its player's connection to his map-server, and to keep his own. */
    void release(String relay, int account, long number);

    /** Tells a relay to close its player's connection. */
    void kick(String relay, int account, long number);

    /** A map-server did what an honest one does not, or claimed more than is possible. */
    void violated(Violation violation);

    /** An accepted save group and what it changed. */
    void saved(SaveSeen seen);

    /** A host's map gave somebody something rare, which is to be confirmed. Kept before what is journaled next. */
    void found(Found found);

    /** What became of all that a map-server sent while its players gave things to each other. */
    enum Settled {
        TAKEN,
        /** Its connection ended first: nothing of it counts. */
        LOST
    }

    /**
     * One player's move to another server.
     *
     * @param front where his client connects again, when he is to go on through another relay; null: where he is
     */
    record Rehome(
            String relay,
            int account,
            int character,
            long number,
            Route route,
            int x,
            int y,
            @Nullable Front front) {}

    /** Another relay, or core, as clients reach it. */
    record Front(String host, int port) {}

    /**
     * Where a player's connection goes, and as whom.
     *
     * @param loginId1 what is written into the packet that enters there
     */
    record Route(ServerKey server, MapName map, Epoch epoch, int loginId1) {}

    /**
     * Rare items that an account has more of than before.
     *
     * @param item its number in the item database
     * @param cell where they come from
     */
    record Found(int account, int character, int item, int amount, ServerKey.Cell cell) {}

    /**
     * Something refused.
     *
     * @param account 0 when it names none
     */
    record Violation(ServerKey server, int packet, int account, Kind kind, String what) {
        /** What it says about the server that sent it. */
        public enum Kind {
            /** Nothing that runs on a host has a reason to send it. */
            FORBIDDEN,
            /** No map-server writes packets of that shape. */
            MISSHAPEN,
            /** It names ids that the server was never given for this player. */
            FOREIGN_ID,
            /** It claims more than is possible. */
            OVER_CEILING,
            /** For a player who is not there; a packet on its way while he moved on looks the same. */
            NOT_ITS_PLAYER,
            /** For a party or guild that is not the player's; one on its way while he left it looks the same. */
            NOT_HIS_GROUP,
            /** What only a player sets off, before or without his relay's word that he did. */
            UNASKED,
            /** Not taken from a host, though an honest one may send it: what players or scripts ask for there. */
            NOT_TAKEN
        }
    }

    /** What a save group changed; losses are negative. */
    record SaveSeen(
            ServerKey server,
            MapName map,
            int account,
            int character,
            int baseLevels,
            int jobLevels,
            long baseExperience,
            long jobExperience,
            long zeny) {}
}
