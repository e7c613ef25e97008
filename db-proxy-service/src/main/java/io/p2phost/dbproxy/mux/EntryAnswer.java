package io.p2phost.dbproxy.mux;

/** Where an entering player goes, or what he is shown. */
public sealed interface EntryAnswer {
    /**
     * Let in.
     *
     * @param state {@code ARRIVING}, or {@code HANDOVER} when he comes from another server behind the multiplexer
     * @param group the char-server's word on whether he is staff; for the relay, never for a host
     */
    record Routed(Outside.Route route, SessionState state, long number, int x, int y, int group)
            implements EntryAnswer {}

    /** Not let in. */
    record Refused(Code code, String detail) implements EntryAnswer {}

    /** What the client is shown: the reason byte of SC_NOTIFY_BAN (0x0081). */
    enum Code {
        REJECTED(0),
        SERVER_CLOSED(1),
        STILL_RECOGNISED(8);

        private final int value;

        Code(int value) {
            this.value = value;
        }

        public int value() {
            return value;
        }
    }

    static EntryAnswer refused(Code code, String detail) {
        return new Refused(code, detail);
    }
}
