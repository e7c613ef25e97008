package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * The answer to a {@link MapList}. A map-server that gets it again resends its players and drops those that are just
 * entering.
 */
public record MapsAccepted(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.MAPS_ACCEPTED);
    private static final Field RESULT = LAYOUT.field("result");
    private static final Field WHISPER_NAME = LAYOUT.field("whisper_name");
    private static final Field SERVER_NAME = LAYOUT.field("server_name");

    public MapsAccepted {
        LAYOUT.check(packet);
    }

    public static MapsAccepted of(String whisperName, String serverName) {
        Packet packet = LAYOUT.create(LAYOUT.least());
        WHISPER_NAME.set(packet, whisperName);
        SERVER_NAME.set(packet, serverName);
        return new MapsAccepted(packet);
    }

    public boolean accepted() {
        return !RESULT.flag(packet);
    }

    public String whisperName() {
        return WHISPER_NAME.text(packet);
    }

    public String serverName() {
        return SERVER_NAME.text(packet);
    }
}
