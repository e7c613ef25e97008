package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.layout.StructLayout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Pets, homunculi, mercenaries and elementals. A char-server writes, creates over, deletes and mostly also gives out whichever
 * is named, whoever's it is: so a number passes only for the player who has it by the char-server's own word.
 */
final class Companions {
    private static final PacketLayout PET = InterPackets.CHAR_TO_MAP.packet(CharToMap.PET);
    private static final Field MISSING = PET.field("missing");
    private static final Field OWNER_ACCOUNT = PET.field("owner_account_id");
    private static final Field SAVED_OWNER_ACCOUNT =
            InterPackets.MAP_TO_CHAR.packet(MapToChar.SAVE_PET).field("owner_account_id");

    private final World world;
    private final Upstream upstream;

    Companions(World world, Upstream upstream) {
        this.world = world;
        this.upstream = upstream;
    }

    // ---- from a map-server ----

    /** Creates, loads or saves a companion of this player. */
    void fromServer(MapServer server, PlayerSession session, Packet packet, CompanionKind kind) {
        if (packet.id() == kind.create) {
            create(server, session, packet, kind);
        } else if (packet.id() == kind.load) {
            load(server, session, packet, kind);
        } else {
            save(server, session, packet, kind);
        }
    }

    private void create(MapServer server, PlayerSession session, Packet packet, CompanionKind kind) {
        if (kind.number(packet) != 0) {
            refuse(server, session, packet, kind, "created over an older one");
        } else if (!session.companions.mayCreate(world.now())) {
            world.violated(
                    server, packet.id(), session.account, Violation.Kind.NOT_TAKEN, "creates companions without end");
        } else {
            upstream.request(session, packet);
        }
    }

    private void load(MapServer server, PlayerSession session, Packet packet, CompanionKind kind) {
        int number = kind.number(packet);
        boolean isHis = session.companions.has(kind, number)
                || world.status(session.record).character().get(kind.inRecord) == number;
        if (isHis || (kind == CompanionKind.PET && session.image.hasEgg(number, world.settings.layout()))) {
            List<Packet> kept = upstream.mayNotKnow(session, packet)
                    ? session.image.answer(packet, world.now(), world.settings.layout())
                    : List.of();
            if (kept.isEmpty()) {
                upstream.request(session, packet);
            } else {
                kept.forEach(server::send);
            }
        } else if (kind == CompanionKind.PET) {
            // Of an egg that he has had for a moment only nothing was saved yet; told "no such pet", he hatches it
            // later.
            Packet none = PET.create(
                    PET.list().base(1, world.settings.layout().struct("s_pet").size()));
            server.send(MISSING.set(PET.field("account_id").set(none, session.account), 1));
        } else {
            refuse(server, session, packet, kind, "loaded");
        }
    }

    private void save(MapServer server, PlayerSession session, Packet packet, CompanionKind kind) {
        int number = kind.number(packet);
        boolean foreignOwner = kind == CompanionKind.PET && SAVED_OWNER_ACCOUNT.integer(packet) != session.account;
        if (foreignOwner || !session.companions.has(kind, number)) {
            refuse(server, session, packet, kind, "saved");
            return;
        }
        if (kind == CompanionKind.PET && isEgg(packet)) {
            // From now on it belongs to whoever has the egg.
            session.companions.forget(kind, number);
            world.keep(session);
        } else {
            session.companions.learn(kind, number);
        }
        session.image.saved(packet, world.now());
        upstream.saveOther(session, packet);
    }

    private boolean isEgg(Packet save) {
        StructLayout pet = world.settings.layout().struct("s_pet");
        int at = InterPackets.MAP_TO_CHAR.packet(save.id()).list().offset();
        return pet.field("incubate").integer(save, at) == 1;
    }

    /** Deletes a companion, whose player the packet does not name. */
    void delete(MapServer server, Packet packet, CompanionKind kind) {
        int number = kind.number(packet);
        Optional<PlayerSession> owner = world.sessions.all().stream()
                .filter(session -> session.companions.has(kind, number)
                        && (session.isWrittenBy(server.key()) || session.isFinishedBy(server.key(), world.now())))
                .findFirst();
        if (server.isStandby() || owner.isEmpty()) {
            world.violated(
                    server,
                    packet.id(),
                    0,
                    Violation.Kind.NOT_ITS_PLAYER,
                    "deletes a " + name(kind) + " of nobody there");
            return;
        }
        owner.get().companions.forget(kind, number);
        upstream.saveOther(owner.get(), packet);
        world.keep(owner.get());
    }

    private void refuse(MapServer server, PlayerSession session, Packet packet, CompanionKind kind, String what) {
        world.violated(
                server,
                packet.id(),
                session.account,
                session.companions.suspicion(kind, kind.number(packet)),
                "a " + name(kind) + " that is not his is " + what);
    }

    private static String name(CompanionKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    // ---- from the char-server ----

    /** The char-server told of a companion of this player; false when it is not his, and nobody is to be told. */
    boolean told(PlayerSession session, Packet answer) {
        CompanionKind kind = CompanionKind.of(answer.id());
        if (kind == null || isNo(answer)) {
            return true;
        }
        int number = kind.number(answer);
        if (!isHis(session, answer, number)) {
            return false;
        }
        if (session.companions.learn(kind, number)) {
            world.keep(session);
        }
        return true;
    }

    private static boolean isNo(Packet answer) {
        Field ok = InterPackets.CHAR_TO_MAP.packet(answer.id()).fieldOrNull("ok");
        return answer.id() == CharToMap.PET ? MISSING.flag(answer) : ok != null && !ok.flag(answer);
    }

    private static boolean isHis(PlayerSession session, Packet answer, int number) {
        Field owner = InterPackets.CHAR_TO_MAP.packet(answer.id()).fieldOrNull("owner_char_id");
        if (owner == null) {
            return true;
        }
        // In its egg a pet has no owner; only whoever has the egg was let ask.
        boolean inEgg = answer.id() == CharToMap.PET
                && OWNER_ACCOUNT.integer(answer) == 0
                && owner.integer(answer) == 0
                && number != 0;
        return inEgg || owner.integer(answer) == session.character;
    }
}
