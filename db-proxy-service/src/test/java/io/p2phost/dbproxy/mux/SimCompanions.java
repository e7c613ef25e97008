package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapToChar;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pets and the like as a stock char-server has them: it looks at hardly anything. */
final class SimCompanions {
    private static final int INCUBATE_AT_CREATION = 27;

    private final Map<CompanionKind, Map<Integer, Integer>> owners = new EnumMap<>(CompanionKind.class);
    private int next = 1_000;

    SimCompanions() {
        for (CompanionKind kind : CompanionKind.values()) {
            owners.put(kind, new HashMap<>());
        }
    }

    /** A new one; an owner of 0 has it in an egg. */
    int create(CompanionKind kind, int owner) {
        rows(kind).put(++next, owner);
        return next;
    }

    @Nullable
    Integer owner(CompanionKind kind, int number) {
        return rows(kind).get(number);
    }

    int count() {
        return owners.values().stream().mapToInt(Map::size).sum();
    }

    private Map<Integer, Integer> rows(CompanionKind kind) {
        Map<Integer, Integer> rows = owners.get(kind);
        if (rows == null) {
            throw new AssertionError(kind);
        }
        return rows;
    }

    static boolean isAbout(Packet packet) {
        return CompanionKind.of(packet.id()) != null;
    }

    /** What a map-server sends of them. */
    void packet(Packet packet, Consumer<Packet> answers) {
        CompanionKind kind = CompanionKind.of(packet.id());
        if (kind == null) {
            throw new AssertionError(packet);
        }
        int number = kind.number(packet);
        if (packet.id() == kind.delete) {
            rows(kind).remove(number);
        } else if (packet.id() == kind.load) {
            load(kind, number, packet, answers);
        } else if (packet.id() == MapToChar.CREATE_PET) {
            boolean egg = packet.u8(INCUBATE_AT_CREATION) == 1;
            int made = create(kind, egg ? 0 : packet.i32(6));
            if (egg) {
                answers.accept(Packet.fixed(CharToMap.PET_CREATED, 12)
                        .u32(2, packet.i32(2))
                        .u32(8, made));
            } else {
                told(kind, made, packet, packet.i32(6), answers);
            }
        } else {
            int written = number <= 0 ? ++next : number;
            int owner = character(packet);
            rows(kind).put(written, owner);
            if (packet.id() == kind.create) {
                told(kind, written, packet, owner, answers);
            }
        }
    }

    private void load(CompanionKind kind, int number, Packet load, Consumer<Packet> answers) {
        Integer owner = rows(kind).get(number);
        boolean any = kind == CompanionKind.HOMUNCULUS;
        boolean may = owner != null && (any || owner == character(load) || (kind == CompanionKind.PET && owner == 0));
        told(kind, may ? number : 0, load, owner == null ? 0 : owner, answers);
    }

    /** A number of 0 is none. */
    private static void told(CompanionKind kind, int number, Packet asked, int owner, Consumer<Packet> answers) {
        PacketLayout layout = InterPackets.CHAR_TO_MAP.packet(
                asked.id() == kind.create && kind != CompanionKind.PET ? kind.created : kind.loaded);
        Packet answer = layout.create(layout.list()
                .base(1, HandMadeHost.LAYOUT.struct(layout.list().structure()).size()));
        Field account = layout.fieldOrNull("account_id");
        if (account != null) {
            account.set(
                    answer,
                    InterPackets.MAP_TO_CHAR
                            .packet(asked.id())
                            .field("account_id")
                            .integer(asked));
        }
        Field whose = layout.fieldOrNull("owner_char_id");
        (whose == null ? layout.field("char_id") : whose)
                .set(answer, whose == null && number == 0 ? character(asked) : owner);
        if (kind == CompanionKind.PET) {
            layout.field("missing").set(answer, number == 0 ? 1 : 0);
            layout.field("owner_account_id").set(answer, owner == 0 ? 0 : asked.i32(2));
            layout.field("pet_id").set(answer, number);
        } else {
            layout.field("ok").set(answer, number == 0 ? 0 : 1);
            layout.fields().stream()
                    .filter(field -> field.name().equals(kind.name().toLowerCase(Locale.ROOT) + "_id"))
                    .forEach(field -> field.set(answer, number));
        }
        answers.accept(answer);
    }

    private static int character(Packet packet) {
        Field character = InterPackets.MAP_TO_CHAR.packet(packet.id()).fieldOrNull("char_id");
        return character == null ? 0 : character.integer(packet);
    }
}
