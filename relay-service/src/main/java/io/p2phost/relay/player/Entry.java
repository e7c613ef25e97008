package io.p2phost.relay.player;

/** What db-proxy says to an entering player. */
public sealed interface Entry {
    /**
     * He may enter there.
     *
     * @param group of his account, as the char-server told it; 0 is everybody's
     */
    record Routed(Destination destination, int group) implements Entry {}

    /**
     * He may not, now or at all.
     *
     * @param code reason byte of SC_NOTIFY_BAN (0x0081); only 0 is final
     */
    record Refused(int code, String detail) implements Entry {}

    /** db-proxy was not reached, or did not answer in time. */
    record Silent(String why) implements Entry {}
}
