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
 * The status changes on a character: blessings, poisons. Loading them leaves them saved; only the next save removes them,
 * so a character that is loaded again without a save has all of them afresh.
 */
public record StatusChanges(Packet packet, StructLayout entry) {
    private static final PacketLayout LOADED = InterPackets.packet(CharToMap.STATUS_CHANGES);
    private static final PacketLayout SAVED = InterPackets.packet(MapToChar.SAVE_STATUS_CHANGES);
    private static final Field ACCOUNT_ID = LOADED.field("account_id");
    private static final Field CHAR_ID = LOADED.field("char_id");

    public StatusChanges {
        PacketLayout layout = packet.id() == MapToChar.SAVE_STATUS_CHANGES ? SAVED : LOADED;
        layout.check(packet);
        layout.checkList(packet, entry.size());
    }

    /**
     * The packet, read as that build wrote it.
     *
     * @throws io.p2phost.ro.FramingException when the packet is not of that build
     */
    public StatusChanges(Packet packet, BuildLayout build) {
        this(packet, build.statusChange());
    }

    /** What the char-server answers. */
    public static StatusChanges loaded(int accountId, int charId, List<Change> changes, BuildLayout build) {
        return of(LOADED, accountId, charId, changes, build.statusChange());
    }

    /** What a map-server sends when a player leaves. */
    public static StatusChanges saved(int accountId, int charId, List<Change> changes, BuildLayout build) {
        return of(SAVED, accountId, charId, changes, build.statusChange());
    }

    private static StatusChanges of(
            PacketLayout layout, int accountId, int charId, List<Change> changes, StructLayout entry) {
        Packet packet = layout.createList(changes.size(), entry.size());
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        for (int i = 0; i < changes.size(); i++) {
            int base = layout.list().base(i, entry.size());
            Change change = changes.get(i);
            entry.field("type").set(packet, base, change.type);
            entry.field("val1").set(packet, base, change.value1);
            entry.field("val2").set(packet, base, change.value2);
            entry.field("val3").set(packet, base, change.value3);
            entry.field("val4").set(packet, base, change.value4);
            entry.field("tick").set(packet, base, change.remainingMillis);
        }
        return new StatusChanges(packet, entry);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < LOADED.list().count(packet, entry.size()); i++) {
            int base = LOADED.list().base(i, entry.size());
            changes.add(new Change(
                    entry.field("type").integer(packet, base),
                    entry.field("val1").number(packet, base),
                    entry.field("val2").number(packet, base),
                    entry.field("val3").number(packet, base),
                    entry.field("val4").number(packet, base),
                    entry.field("tick").number(packet, base)));
        }
        return changes;
    }

    /** The same as an answer of the char-server, after some time: what has ended is left out. */
    public StatusChanges loadedAfter(Duration elapsed) {
        List<Change> left = new ArrayList<>();
        for (Change change : changes()) {
            long millis = change.remainingMillis - elapsed.toMillis();
            if (change.remainingMillis < 0) {
                left.add(change);
            } else if (millis > 0) {
                left.add(change.remaining(millis));
            }
        }
        return of(LOADED, accountId(), charId(), left, entry);
    }

    /** One of them; {@code remainingMillis} is below 0 when only something else ends it. */
    public record Change(int type, long value1, long value2, long value3, long value4, long remainingMillis) {
        Change remaining(long millis) {
            return new Change(type, value1, value2, value3, value4, millis);
        }
    }
}
