package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** What the char-server says to a map-server's login; a map-server that is refused exits. */
public record LoginAnswer(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.LOGIN_ANSWER);
    private static final Field RESULT = LAYOUT.field("result");

    private static final int REFUSED = 3;

    public LoginAnswer {
        LAYOUT.check(packet);
    }

    public static LoginAnswer accept() {
        return new LoginAnswer(LAYOUT.create());
    }

    /** Wrong user or password, or no slot free. */
    public static LoginAnswer refuse() {
        return new LoginAnswer(RESULT.set(LAYOUT.create(), REFUSED));
    }

    public boolean accepted() {
        return !RESULT.flag(packet);
    }
}
