package io.p2phost.dbproxy.mux;

/** Where a player is between servers. */
public enum SessionState {
    /** On core; seen on its link, never answered here. */
    CORE,
    /** His record was fetched; the server that will have him has not asked for it yet. */
    ARRIVING,
    /** As arriving, but from another server behind the multiplexer: nothing upstream is needed. */
    HANDOVER,
    /** A server has him and may write him. */
    PLAYING,
    /** Between core and the multiplexer, which the char-server knows. */
    LEAVING,
    /** He asked for character select; only his final save may still come. */
    QUITTING,
    /** Gone; the char-server has not confirmed his last save yet. */
    PENDING_REPLAY
}
