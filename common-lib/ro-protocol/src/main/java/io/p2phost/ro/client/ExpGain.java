package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player is told of exp he gained. */
public record ExpGain(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.EXP_GAIN);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field AMOUNT = LAYOUT.field("amount");
    private static final Field KIND = LAYOUT.field("kind");
    private static final Field QUEST = LAYOUT.field("quest");

    public ExpGain {
        LAYOUT.check(packet);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    /** Below 0 when it is lost. */
    public long amount() {
        return AMOUNT.number(packet);
    }

    /** {@link Parameter#BASE_EXP} or {@link Parameter#JOB_EXP}. */
    public int kind() {
        return KIND.integer(packet);
    }

    public boolean ofQuest() {
        return QUEST.flag(packet);
    }
}
