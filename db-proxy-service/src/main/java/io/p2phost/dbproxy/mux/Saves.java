package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.ItemsSaved;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveAck;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.inter.SaveVariables;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import java.util.List;
import java.util.Optional;

/**
 * What map-servers save of their players. The unit is the group: everything of one character up to and including its
 * record. Nothing of it goes on before it is complete and possible, and then all of it does.
 */
final class Saves {
    private static final PacketLayout SCRIPTS = InterPackets.MAP_TO_CHAR.packet(MapToChar.SAVE_BONUS_SCRIPTS);

    private final World world;
    private final Upstream upstream;
    private final Moves moves;
    private final SaveRules rules;
    private final Quarantine quarantine;

    Saves(World world, Upstream upstream, Moves moves, SaveRules rules, Quarantine quarantine) {
        this.world = world;
        this.upstream = upstream;
        this.moves = moves;
        this.rules = rules;
        this.quarantine = quarantine;
    }

    /** A packet of a save group of a player whom that server may write. */
    void save(MapServer server, PlayerSession session, Packet packet) {
        if (!isAcceptable(server, session, packet)) {
            return;
        }
        if (!session.assembly.add(packet)) {
            world.violated(
                    server,
                    packet.id(),
                    session.account,
                    Violation.Kind.NOT_TAKEN,
                    "a save group longer than any honest one");
            return;
        }
        if (packet.id() == MapToChar.SAVE_CHARACTER) {
            complete(server, session, new SaveCharacter(packet));
        }
    }

    private boolean isAcceptable(MapServer server, PlayerSession session, Packet packet) {
        Optional<String> fault = switch (packet.id()) {
            case MapToChar.SAVE_VARIABLES ->
                server.isOnHost()
                        ? rules.forbiddenVariable(new SaveVariables(packet)).map(name -> "variable " + name)
                        : Optional.empty();
            case MapToChar.SAVE_BONUS_SCRIPTS ->
                server.isOnHost() && hasScripts(packet) ? Optional.of("script text") : Optional.empty();
            default -> Optional.empty();
        };
        fault.ifPresent(what -> world.violated(server, packet.id(), session.account, Violation.Kind.NOT_TAKEN, what));
        return fault.isEmpty() && !isOfUnloaded(session, packet);
    }

    private static boolean hasScripts(Packet save) {
        return save.length() > SCRIPTS.list().offset();
    }

    /**
     * What a stock map-server saves of a player who left while he was still loading: empty status changes and an
     * uninitialised storage, which would delete what he has.
     */
    private static boolean isOfUnloaded(PlayerSession session, Packet packet) {
        return switch (packet.id()) {
            case MapToChar.SAVE_STATUS_CHANGES, MapToChar.SAVE_COOLDOWNS -> !session.statusDelivered;
            case MapToChar.SAVE_ITEMS -> {
                SaveItems items = new SaveItems(packet);
                // A char-server knows of no guild's storage here and says that it could not be saved.
                yield items.kind() == null
                        || items.kind() == ItemKind.GUILD_STORAGE
                        || items.storageBytes().length == 0;
            }
            default -> false;
        };
    }

    private void complete(MapServer server, PlayerSession session, SaveCharacter save) {
        List<Packet> group = session.assembly.take();
        boolean quits = save.quit();
        if (session.finalSaveLost && !quits) {
            return;
        }
        if (quits && save.status(world.settings.layout()).hp() == 0) {
            unloaded(server, session);
            return;
        }
        Quarantine.Review review = quarantine.review(server, session, group);
        Optional<SaveRules.Fault> fault = rules.fault(server, session, save).or(review::fault);
        if (fault.isPresent()) {
            world.violated(
                    server,
                    save.packet().id(),
                    session.account,
                    kind(session, fault.get()),
                    fault.get().what());
            if (quits) {
                acknowledge(server, session);
                moves.leave(session);
            }
            return;
        }
        rules.correct(server, session, save);
        boolean released = quits && !session.connectionGone && (session.releasing || isUnasked(session));
        if (quits) {
            session.finishedBy(server.key(), world.now());
        }
        if (released) {
            save.quit(false);
        }
        Outside.SaveSeen seen = seen(server, session, save);
        Optional<SavedGroup> kept = upstream.save(session, group);
        if (kept.isEmpty()) {
            // Not acknowledged: the server keeps it and sends it again.
            session.unsaved = true;
            return;
        }
        accepted(session, group, save);
        // Nobody who is still loading is saved but for good.
        session.statusDelivered |= !quits;
        quarantine.accepted(server, session, review);
        world.outside.saved(seen);
        long number = session.number;
        long saves = ++session.saves;
        if (released) {
            session.unasked = !session.releasing;
            session.untold = 0;
            session.onceSaved(() -> released(server, session, number));
        }
        world.outside.journal(kept.get(), () -> {
            // That an older save is safe says nothing of the one behind it.
            if (session.saves == saves) {
                session.saved();
            }
        });
        if (quits && !released) {
            session.awaitsAck = true;
            session.number++;
            session.finalSaveLost = false;
            session.become(SessionState.PENDING_REPLAY, world.now());
        }
        world.keep(session);
    }

    /**
     * Who leaves while he loads is saved dead by a stock map-server, which has not worked him out (who has died is saved as he
     * will rise): he stays as he came.
     */
    private void unloaded(MapServer server, PlayerSession session) {
        session.finishedBy(server.key(), world.now());
        acknowledge(server, session);
        if (session.connectionGone || !(session.releasing || isUnasked(session))) {
            moves.leave(session);
        } else {
            session.unasked = !session.releasing;
            session.untold = 0;
            moves.released(session);
        }
    }

    /**
     * Nobody knows of a reason why his server saves him for good: his relay's word that he is gone is still on its way, or
     * his server goes and he does not.
     */
    private static boolean isUnasked(PlayerSession session) {
        return session.state == SessionState.PLAYING && session.relay != null && session.kickedAt == null;
    }

    private void released(MapServer server, PlayerSession session, long number) {
        if (session.number == number && (session.releasing || session.unasked)) {
            acknowledge(server, session);
            moves.released(session);
        }
    }

    /**
     * What a player gained while his server could not save him may be too much for one save; and what was too much once is so
     * again in each save until one is taken.
     */
    private static Violation.Kind kind(PlayerSession session, SaveRules.Fault fault) {
        boolean ofLonger = session.unsaved && fault.kind() == Violation.Kind.OVER_CEILING;
        session.unsaved |= fault.kind() == Violation.Kind.NOT_TAKEN || fault.kind() == Violation.Kind.OVER_CEILING;
        return ofLonger ? Violation.Kind.NOT_TAKEN : fault.kind();
    }

    private void accepted(PlayerSession session, List<Packet> group, SaveCharacter save) {
        group.forEach(packet -> session.image.saved(packet, world.now()));
        CharStatus character = save.status(world.settings.layout());
        session.record = character.bytes();
        session.unsaved = false;
        MapPoint place = character.lastPoint();
        session.x = place.x();
        session.y = place.y();
    }

    private Outside.SaveSeen seen(MapServer server, PlayerSession session, SaveCharacter save) {
        CharStatus before = world.status(session.record).character();
        CharStatus after = save.status(world.settings.layout());
        return new Outside.SaveSeen(
                server.key(),
                session.map,
                session.account,
                session.character,
                after.baseLevel() - before.baseLevel(),
                after.jobLevel() - before.jobLevel(),
                after.baseExp() - before.baseExp(),
                after.jobExp() - before.jobExp(),
                (long) after.zeny() - before.zeny());
    }

    private static void acknowledge(MapServer server, PlayerSession session) {
        server.send(SaveAck.of(session.account, session.character).packet());
    }

    /**
     * A save of somebody whom that server may not write: never forwarded, but answered so that a stock map-server forgets
     * him instead of sending it again every minute. Not while what was accepted of him before could still be lost: then that
     * server is the last to have it.
     */
    void late(MapServer server, Packet packet) {
        switch (packet.id()) {
            case MapToChar.SAVE_CHARACTER -> {
                SaveCharacter save = new SaveCharacter(packet);
                if (save.quit()) {
                    server.send(SaveAck.of(save.accountId(), save.charId()).packet());
                }
            }
            case MapToChar.SAVE_ITEMS -> {
                SaveItems save = new SaveItems(packet);
                server.send(ItemsSaved.of(save, true, 0).packet());
            }
            default -> {
                // A map-server waits for no answer to the rest.
            }
        }
    }
}
