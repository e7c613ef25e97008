package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import java.util.List;

/** Script variables of a player that changed. */
public record SaveVariables(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.SAVE_VARIABLES);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field COUNT = LAYOUT.field("count");
    private static final Field VARIABLES = LAYOUT.field("variables");

    public SaveVariables {
        LAYOUT.check(packet);
    }

    /**
     * What a map-server sends.
     *
     * @throws IllegalArgumentException when they do not fit a packet
     */
    public static SaveVariables of(int accountId, int charId, List<Variable> variables) {
        byte[] bytes = Variable.write(variables, true);
        Packet packet = LAYOUT.create(VARIABLES.offset() + bytes.length);
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        COUNT.set(packet, variables.size());
        VARIABLES.set(packet, bytes);
        return new SaveVariables(packet);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    /**
     * All of them.
     *
     * @throws io.p2phost.ro.FramingException when they do not fill the packet as it says
     */
    public List<Variable> variables() {
        return Variable.read(packet, VARIABLES.offset(), COUNT.integer(packet), null);
    }
}
