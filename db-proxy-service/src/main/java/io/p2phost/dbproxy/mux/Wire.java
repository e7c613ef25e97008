package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;

/** One connection's way out, towards a map-server or the char-server. Packets keep their order; nothing is sent after a close. */
public interface Wire {
    /** Hands a packet over for good: its bytes are not touched any more. */
    void send(Packet packet);

    /**
     * Whether what comes in is looked at, as far as this side is concerned: while the char-server takes nothing it is not,
     * and nobody owes an answer. Who does not take what is sent to him is not excused.
     */
    boolean isFlowing();

    /**
     * Ends the connection: of what comes in on it, only its end is told any more.
     *
     * @param reason for the log
     */
    void close(String reason);
}
