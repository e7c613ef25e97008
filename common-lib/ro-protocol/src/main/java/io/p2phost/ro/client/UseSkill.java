package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player uses a skill on somebody. */
public record UseSkill(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.USE_SKILL);
    private static final Field LEVEL = LAYOUT.field("level");
    private static final Field SKILL = LAYOUT.field("skill");
    private static final Field TARGET = LAYOUT.field("target");

    public UseSkill {
        LAYOUT.check(packet);
    }

    public static UseSkill of(int skill, int level, int target) {
        return new UseSkill(TARGET.set(SKILL.set(LEVEL.set(LAYOUT.create(), level), skill), target));
    }

    public int level() {
        return LEVEL.integer(packet);
    }

    public int skill() {
        return SKILL.integer(packet);
    }

    public int target() {
        return TARGET.integer(packet);
    }
}
