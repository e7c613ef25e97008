package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.StructLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Bonuses a script gave a character for some time, as script text: the next map-server compiles and runs it. Loading them
 * removes them from what is saved.
 */
public record BonusScripts(Packet packet, StructLayout entry) {
    private static final PacketLayout LOADED = InterPackets.packet(CharToMap.BONUS_SCRIPTS);
    private static final PacketLayout SAVED = InterPackets.packet(MapToChar.SAVE_BONUS_SCRIPTS);
    private static final Field CHAR_ID = LOADED.field("char_id");

    public BonusScripts {
        PacketLayout layout = packet.id() == MapToChar.SAVE_BONUS_SCRIPTS ? SAVED : LOADED;
        layout.check(packet);
        layout.checkList(packet, entry.size());
    }

    /**
     * The packet, read as that build wrote it.
     *
     * @throws io.p2phost.ro.FramingException when the packet is not of that build
     */
    public BonusScripts(Packet packet, BuildLayout build) {
        this(packet, build.bonusScript());
    }

    /** What the char-server answers; when there are none it does not answer at all. */
    public static BonusScripts loaded(int charId, List<Bonus> bonuses, BuildLayout build) {
        return of(LOADED, charId, bonuses, build.bonusScript());
    }

    /** What a map-server sends with every save. */
    public static BonusScripts saved(int charId, List<Bonus> bonuses, BuildLayout build) {
        return of(SAVED, charId, bonuses, build.bonusScript());
    }

    private static BonusScripts of(PacketLayout layout, int charId, List<Bonus> bonuses, StructLayout entry) {
        Packet packet = CHAR_ID.set(layout.createList(bonuses.size(), entry.size()), charId);
        for (int i = 0; i < bonuses.size(); i++) {
            int base = layout.list().base(i, entry.size());
            Bonus bonus = bonuses.get(i);
            entry.field("script").set(packet, base, bonus.script);
            entry.field("tick").set(packet, base, bonus.remainingMillis);
            entry.field("flag").set(packet, base, bonus.flag);
            entry.field("icon").set(packet, base, bonus.icon);
            entry.field("type").set(packet, base, bonus.type);
        }
        return new BonusScripts(packet, entry);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public List<Bonus> bonuses() {
        List<Bonus> bonuses = new ArrayList<>();
        for (int i = 0; i < LOADED.list().count(packet, entry.size()); i++) {
            int base = LOADED.list().base(i, entry.size());
            bonuses.add(new Bonus(
                    entry.field("script").text(packet, base),
                    entry.field("tick").number(packet, base),
                    entry.field("flag").integer(packet, base),
                    entry.field("icon").integer(packet, base),
                    entry.field("type").integer(packet, base)));
        }
        return bonuses;
    }

    /** The same as an answer of the char-server, after some time: what has ended is left out. */
    public BonusScripts loadedAfter(Duration elapsed) {
        List<Bonus> left = new ArrayList<>();
        for (Bonus bonus : bonuses()) {
            long millis = bonus.remainingMillis - elapsed.toMillis();
            if (millis > 0) {
                left.add(new Bonus(bonus.script, millis, bonus.flag, bonus.icon, bonus.type));
            }
        }
        return of(LOADED, charId(), left, entry);
    }

    public record Bonus(String script, long remainingMillis, int flag, int icon, int type) {}
}
