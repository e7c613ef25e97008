package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player uses a skill on a cell. */
public record UseSkillOnGround(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.USE_SKILL_ON_GROUND);
    private static final Field LEVEL = LAYOUT.field("level");
    private static final Field SKILL = LAYOUT.field("skill");
    private static final Field X = LAYOUT.field("x");
    private static final Field Y = LAYOUT.field("y");

    public UseSkillOnGround {
        LAYOUT.check(packet);
    }

    public int level() {
        return LEVEL.integer(packet);
    }

    public int skill() {
        return SKILL.integer(packet);
    }

    public int x() {
        return X.integer(packet);
    }

    public int y() {
        return Y.integer(packet);
    }
}
