package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * A whisper on its way to its target. Sent to every map-server; each must answer, and the first that says no may end
 * it.
 */
public record WhisperDelivery(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.WHISPER);
    private static final Field ID = LAYOUT.field("whisper_id");
    private static final Field LEVEL = LAYOUT.field("group_level");
    private static final Field SENDER = LAYOUT.field("sender");
    private static final Field TARGET = LAYOUT.field("target");
    private static final Field TEXT = LAYOUT.field("text");

    private static final PacketLayout ANSWER = InterPackets.packet(MapToChar.WHISPER_ANSWER);
    private static final Field ANSWERED = ANSWER.field("whisper_id");
    private static final Field RESULT = ANSWER.field("result");

    /** Results of a whisper. */
    public static final int DELIVERED = 0;

    public static final int NOT_HERE = 1;
    public static final int IGNORED = 2;

    public WhisperDelivery {
        LAYOUT.check(packet);
    }

    public static WhisperDelivery of(int id, Whisper whisper) {
        String text = whisper.text();
        Packet packet = LAYOUT.create(TEXT.offset() + text.length() + 1);
        ID.set(packet, id);
        LEVEL.set(packet, whisper.groupLevel());
        SENDER.set(packet, whisper.sender());
        TARGET.set(packet, whisper.target());
        TEXT.set(packet, text);
        return new WhisperDelivery(packet);
    }

    public int id() {
        return ID.integer(packet);
    }

    public int groupLevel() {
        return LEVEL.integer(packet);
    }

    public String sender() {
        return SENDER.text(packet);
    }

    public String target() {
        return TARGET.text(packet);
    }

    public String text() {
        return TEXT.text(packet);
    }

    /** A map-server's answer to it. */
    public Packet answer(int result) {
        return RESULT.set(ANSWERED.set(ANSWER.create(), id()), result);
    }

    /** Which whisper an answer is for. */
    public static int answered(Packet answer) {
        ANSWER.check(answer);
        return ANSWERED.integer(answer);
    }

    /** What an answer says. */
    public static int result(Packet answer) {
        ANSWER.check(answer);
        return RESULT.integer(answer);
    }
}
