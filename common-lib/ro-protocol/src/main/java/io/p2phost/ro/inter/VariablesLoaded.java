package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import java.util.List;

/** Saved script variables of a player: one kind of them a packet, as many packets as they need. */
public record VariablesLoaded(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.VARIABLES);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field SCOPE = LAYOUT.field("scope");
    private static final Field TEXTUAL = LAYOUT.field("textual");
    private static final Field COUNT = LAYOUT.field("count");
    private static final Field VARIABLES = LAYOUT.field("variables");

    /** Scopes: more of the same follows; of the account everywhere; of the account here; of the character. */
    public static final int MORE = 0;

    public static final int GLOBAL = 1;
    public static final int ACCOUNT = 2;
    public static final int CHARACTER = 3;

    public VariablesLoaded {
        LAYOUT.check(packet);
    }

    /**
     * One packet of the answer.
     *
     * @throws IllegalArgumentException when they do not fit a packet or are of the other kind
     */
    public static VariablesLoaded of(int accountId, int charId, int scope, boolean textual, List<Variable> variables) {
        for (Variable variable : variables) {
            if (variable.kind() != (textual ? Variable.Kind.TEXT : Variable.Kind.NUMBER)) {
                throw new IllegalArgumentException(variable.name() + ": " + variable.kind());
            }
        }
        byte[] bytes = Variable.write(variables, false);
        Packet packet = LAYOUT.create(VARIABLES.offset() + bytes.length);
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        SCOPE.set(packet, scope);
        TEXTUAL.set(packet, textual ? 1 : 0);
        COUNT.set(packet, variables.size());
        VARIABLES.set(packet, bytes);
        return new VariablesLoaded(packet);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public int scope() {
        return SCOPE.integer(packet);
    }

    /** True when these are texts, false when they are numbers. */
    public boolean textual() {
        return TEXTUAL.flag(packet);
    }

    /**
     * All of them.
     *
     * @throws io.p2phost.ro.FramingException when they do not fill the packet as it says
     */
    public List<Variable> variables() {
        Variable.Kind kind = textual() ? Variable.Kind.TEXT : Variable.Kind.NUMBER;
        return Variable.read(packet, VARIABLES.offset(), COUNT.integer(packet), kind);
    }
}
