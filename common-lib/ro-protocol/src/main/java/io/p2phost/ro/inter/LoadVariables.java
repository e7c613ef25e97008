package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A map-server asks for a player's saved script variables. */
public record LoadVariables(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.LOAD_VARIABLES);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field GLOBAL = LAYOUT.field("global");
    private static final Field ACCOUNT = LAYOUT.field("account");
    private static final Field CHARACTER = LAYOUT.field("character");

    public LoadVariables {
        LAYOUT.check(packet);
    }

    public static LoadVariables of(int accountId, int charId, boolean global, boolean account, boolean character) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        GLOBAL.set(packet, global ? 1 : 0);
        ACCOUNT.set(packet, account ? 1 : 0);
        CHARACTER.set(packet, character ? 1 : 0);
        return new LoadVariables(packet);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    /** Those of the account on all char-servers; the login-server has them. */
    public boolean global() {
        return GLOBAL.flag(packet);
    }

    public boolean account() {
        return ACCOUNT.flag(packet);
    }

    public boolean character() {
        return CHARACTER.flag(packet);
    }
}
