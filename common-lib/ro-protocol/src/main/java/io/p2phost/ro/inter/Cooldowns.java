package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.StructLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Skills a character cannot use yet. Loading them removes them from what is saved. */
public record Cooldowns(Packet packet, StructLayout entry) {
    private static final PacketLayout LOADED = InterPackets.packet(CharToMap.COOLDOWNS);
    private static final PacketLayout SAVED = InterPackets.packet(MapToChar.SAVE_COOLDOWNS);
    private static final Field ACCOUNT_ID = LOADED.field("account_id");
    private static final Field CHAR_ID = LOADED.field("char_id");

    public Cooldowns {
        PacketLayout layout = packet.id() == MapToChar.SAVE_COOLDOWNS ? SAVED : LOADED;
        layout.check(packet);
        layout.checkList(packet, entry.size());
    }

    /**
     * The packet, read as that build wrote it.
     *
     * @throws io.p2phost.ro.FramingException when the packet is not of that build
     */
    public Cooldowns(Packet packet, BuildLayout build) {
        this(packet, build.cooldown());
    }

    /** What the char-server answers; when there are none it does not answer at all. */
    public static Cooldowns loaded(int accountId, int charId, List<Cooldown> cooldowns, BuildLayout build) {
        return of(LOADED, accountId, charId, cooldowns, build.cooldown());
    }

    /** What a map-server sends when a player leaves. */
    public static Cooldowns saved(int accountId, int charId, List<Cooldown> cooldowns, BuildLayout build) {
        return of(SAVED, accountId, charId, cooldowns, build.cooldown());
    }

    private static Cooldowns of(
            PacketLayout layout, int accountId, int charId, List<Cooldown> cooldowns, StructLayout entry) {
        Packet packet = layout.createList(cooldowns.size(), entry.size());
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        for (int i = 0; i < cooldowns.size(); i++) {
            int base = layout.list().base(i, entry.size());
            entry.field("skill_id").set(packet, base, cooldowns.get(i).skillId);
            entry.field("tick").set(packet, base, cooldowns.get(i).remainingMillis);
        }
        return new Cooldowns(packet, entry);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public List<Cooldown> cooldowns() {
        List<Cooldown> cooldowns = new ArrayList<>();
        for (int i = 0; i < LOADED.list().count(packet, entry.size()); i++) {
            int base = LOADED.list().base(i, entry.size());
            cooldowns.add(new Cooldown(
                    entry.field("skill_id").integer(packet, base),
                    entry.field("tick").number(packet, base)));
        }
        return cooldowns;
    }

    /** The same as an answer of the char-server, after some time: what has ended is left out. */
    public Cooldowns loadedAfter(Duration elapsed) {
        List<Cooldown> left = new ArrayList<>();
        for (Cooldown cooldown : cooldowns()) {
            long millis = cooldown.remainingMillis - elapsed.toMillis();
            if (millis > 0) {
                left.add(new Cooldown(cooldown.skillId, millis));
            }
        }
        return of(LOADED, accountId(), charId(), left, entry);
    }

    public record Cooldown(int skillId, long remainingMillis) {}
}
