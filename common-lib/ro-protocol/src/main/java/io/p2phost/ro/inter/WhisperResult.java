package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** What became of a whisper, for its sender's map-server. */
public record WhisperResult(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.WHISPER_RESULT);
    private static final Field SENDER = LAYOUT.field("sender");
    private static final Field RESULT = LAYOUT.field("result");

    public WhisperResult {
        LAYOUT.check(packet);
    }

    /** The results are those of {@link WhisperDelivery}. */
    public static WhisperResult of(String sender, int result) {
        return new WhisperResult(RESULT.set(SENDER.set(LAYOUT.create(), sender), result));
    }

    public String sender() {
        return SENDER.text(packet);
    }

    public int result() {
        return RESULT.integer(packet);
    }
}
