package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.ro.Packet;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import io.p2phost.ro.layout.StructArray;
import io.p2phost.ro.layout.StructLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is compared and corrected in a character's record ({@code mmo_charstatus}). */
final class Status {
    private static final int MAP_LENGTH = 16;
    private static final List<String> POINTS = List.of("last_point", "save_point", "memo_point");
    private static final List<String> FAMILY = List.of("partner_id", "father", "mother", "child");

    private final CharStatus character;

    Status(CharStatus character) {
        this.character = character;
    }

    Status(byte[] record, StructLayout layout) {
        this(new CharStatus(Packet.of(record), 0, layout));
    }

    CharStatus character() {
        return character;
    }

    MapName map() {
        return MapName.of(character.lastPoint().map());
    }

    /**
     * Whether every map in it is a name and nothing else: a char-server puts two of them into SQL as they are, and copies
     * others without a bound.
     */
    boolean hasCleanMaps() {
        for (String point : POINTS) {
            StructArray points = character.layout().array(point);
            int map = points.of().field("map").offset();
            for (int i = 0; i < points.count(); i++) {
                int at = points.base(character.at(), i) + map;
                boolean mayBeEmpty = !point.equals("last_point");
                if (!isMapName(character.packet(), at) && !(mayBeEmpty && isZero(character.packet(), at, MAP_LENGTH))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A legal map name, and zeros behind it up to the field's end. */
    static boolean isMapName(Packet packet, int at) {
        String name = packet.text(at, MAP_LENGTH);
        return MapPoint.isMapName(name) && isZero(packet, at + name.length(), MAP_LENGTH - name.length());
    }

    private static boolean isZero(Packet packet, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (packet.u8(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Same name, sex, slot, partner, parents and child: nothing that changes on a map. */
    boolean isSamePerson(Status other) {
        return character.name().equals(other.character.name())
                && character.sex() == other.character.sex()
                && character.get("slot") == other.character.get("slot")
                && FAMILY.stream().allMatch(field -> character.get(field) == other.character.get(field));
    }

    boolean hasSameSavePoint(Status other) {
        return character.savePoint().equals(other.character.savePoint());
    }

    /** Whether each memo is one he had before, none, or on that map. */
    boolean memosAreOf(Status before, MapName map) {
        Set<MapPoint> had = new HashSet<>();
        for (int i = 0; i < character.memoPoints(); i++) {
            had.add(before.character.memoPoint(i));
        }
        for (int i = 0; i < character.memoPoints(); i++) {
            MapPoint memo = character.memoPoint(i);
            if (!memo.map().isEmpty() && !memo.map().equals(map.value()) && !had.contains(memo)) {
                return false;
            }
        }
        return true;
    }
}
