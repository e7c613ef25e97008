package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;

/** Announcements: the char-server passes them on to every link but the one they came from. */
public final class Broadcasts {
    private Broadcasts() {}

    /**
     * What the char-server makes of an announcement for other map-servers.
     *
     * @throws IllegalArgumentException when the packet is none
     */
    public static Packet delivery(Packet request) {
        return switch (request.id()) {
            case MapToChar.BROADCAST -> request.copyAs(CharToMap.BROADCAST);
            case MapToChar.ITEM_BROADCAST -> request.copyAs(CharToMap.ITEM_BROADCAST);
            case MapToChar.GM_WHISPER -> request.copyAs(CharToMap.GM_WHISPER);
            default -> throw new IllegalArgumentException(request + " (expected: an announcement)");
        };
    }
}
