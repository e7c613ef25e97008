package io.p2phost.relay.player;

/** What is counted of players; all methods return at once. */
public interface PlayerEvents {
    /** Counts nothing. */
    PlayerEvents NONE = new PlayerEvents() {};

    /** A connection was closed before its player was in game. */
    default void turnedAway(TurnedAway why) {}

    /** A player is in game, for the first time on this connection. */
    default void entered() {}

    /** A player was moved. */
    default void moved(PlayerSettings.Form form) {}

    /** A player without a map-server has one again. */
    default void backAfter(long nanos) {}

    /** A player is without a map-server, or no longer. */
    default void alone(boolean now) {}

    /** Nobody brought a player without a map-server back in time. */
    default void givenUp() {}

    /** A stream cannot be told apart into packets. */
    default void opaque() {}

    /** A client's stream cannot be read and goes to the reserve as it is, or no longer. */
    default void unreadable(boolean now) {}

    /** A client sends faster than it may, and is read slower. */
    default void slowed() {}

    /** A packet went nowhere, because its client sends too many of its kind. */
    default void tooMany(Kind kind) {}

    /** A player's connection ended while he fought. */
    default void fled() {}

    /** Why a connection came to nothing. */
    enum TurnedAway {
        /** The first packet did not come in time. */
        SLOW,
        /** The first packet is none that enters. */
        WRONG,
        /** More came before the map-server had answered. */
        EARLY,
        /** The char-server does not know this login. */
        REJECTED,
        /** There was no answer, or no server, in time. */
        UNANSWERED
    }
}
