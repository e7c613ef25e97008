package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.CharStatus;

/** A character as the map-server has it now. The char-server believes every one of them. */
public record SaveCharacter(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.SAVE_CHARACTER);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field QUIT = LAYOUT.field("quit");

    private static final int STATUS = LAYOUT.list().offset();

    public SaveCharacter {
        LAYOUT.check(packet);
    }

    public static SaveCharacter of(int accountId, int charId, boolean quit, byte[] status) {
        Packet packet = LAYOUT.create(STATUS + status.length).bytes(STATUS, status);
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        return new SaveCharacter(packet).quit(quit);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    /** True on the last save of a player who leaves; only this one is answered, with a {@link SaveAck}. */
    public boolean quit() {
        return QUIT.flag(packet);
    }

    public SaveCharacter quit(boolean quit) {
        QUIT.set(packet, quit ? 1 : 0);
        return this;
    }

    /**
     * The character in it.
     *
     * @throws io.p2phost.ro.FramingException when the packet is not of that build
     */
    public CharStatus status(BuildLayout build) {
        LAYOUT.checkList(packet, build.character().size());
        return new CharStatus(packet, STATUS, build.character());
    }
}
