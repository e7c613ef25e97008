package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.Presence;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.ServerChange;
import io.p2phost.ro.inter.ServerChangeAnswer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Core's own link: every packet goes through as it is, but the password, and marks of rare items that are confirmed. It is watched, because who is on core and who
 * is on his way to or from there is known from nowhere else. Core is let in only after us, and put off when the
 * char-server is lost: a map-server without a char-server refuses to change servers, one with a broken map table kicks.
 */
final class CoreLink {
    /** Its login, and what it sends before the char-server is there; an honest one sends nothing more. */
    static final int MAX_HELD_BYTES = 64 * 1024;

    /** Unanswered keep-alives beyond which no more are sent: a char-server that hangs is the other link's affair. */
    static final int MAX_KEEP_ALIVES = 64;

    private final World world;
    private final Upstream upstream;
    private final Quarantine quarantine;
    /** Who asked, oldest first: core's own answers are passed on to it. */
    private final Deque<Boolean> keptAliveByCore = new ArrayDeque<>();

    private Instant keepAliveDue = Instant.MAX;
    private final Deque<Packet> held = new ArrayDeque<>();
    private int heldBytes;
    private @Nullable MapServer core;
    private @Nullable Wire wire;
    private boolean dialing;
    /** Links that we closed and whose end is still to come. */
    private int closing;

    CoreLink(World world, Upstream upstream, Quarantine quarantine) {
        this.world = world;
        this.upstream = upstream;
        this.quarantine = quarantine;
    }

    // ---- connections ----

    void connected(MapServer server) {
        drop();
        core = server;
        letIn();
    }

    void disconnected(MapServer server) {
        if (core == server) {
            drop();
        }
    }

    /** Core's turn, if the multiplexer is up, or has nothing to log in for. */
    void letIn() {
        if (core != null && wire == null && !dialing && isItsTurn()) {
            dialing = true;
            world.outside.dial(Slot.CORE);
        }
    }

    private boolean isItsTurn() {
        return upstream.isUp() || world.isKnownToHaveNoMaps();
    }

    void opened(Wire opened) {
        dialing = false;
        if (core == null || !isItsTurn()) {
            close(opened, "core is gone, or its turn is not yet");
            return;
        }
        wire = opened;
        while (!held.isEmpty()) {
            opened.send(held.remove());
        }
        heldBytes = 0;
    }

    /** A link to the char-server ended, or could not be had. */
    void ended() {
        if (closing > 0) {
            closing--;
        } else {
            dialing = false;
            lost("the char-server closed core's link");
        }
    }

    private void close(Wire open, String reason) {
        closing++;
        open.close(reason);
    }

    /** Core is put off, and comes back by itself. */
    void lost(String why) {
        MapServer server = core;
        drop();
        if (server != null) {
            server.close(why);
            world.remove(server);
        }
    }

    private void drop() {
        Wire open = wire;
        core = null;
        wire = null;
        held.clear();
        heldBytes = 0;
        keptAliveByCore.clear();
        keepAliveDue = Instant.MAX;
        if (open != null) {
            close(open, "core's connection ended");
        }
    }

    // ---- packets of core ----

    void fromCore(MapServer server, Packet packet) {
        if (server != core) {
            return;
        }
        if (packet.id() == MapToChar.MAP_SERVER_LOGIN) {
            new MapServerLogin(packet).credentials(world.settings.user(), world.settings.password());
        }
        watchCore(packet);
        if (wire != null) {
            wire.send(packet);
        } else if (heldBytes + packet.length() <= MAX_HELD_BYTES) {
            held.add(packet);
            heldBytes += packet.length();
        } else {
            lost("core sends too much before it is let in");
        }
    }

    /** A forwarder beside the char-server must notice soon that we are gone; core says something only every ten seconds. */
    void tick() {
        Wire open = wire;
        if (open != null && !world.now().isBefore(keepAliveDue) && keptAliveByCore.size() < MAX_KEEP_ALIVES) {
            keepAliveDue = world.now().plus(world.settings.timing().keepAlive());
            keptAliveByCore.add(false);
            open.send(KeepAlive.request());
        }
    }

    private void watchCore(Packet packet) {
        switch (packet.id()) {
            case MapToChar.KEEP_ALIVE -> {
                keptAliveByCore.add(true);
                if (keptAliveByCore.size() > 2 * MAX_KEEP_ALIVES) {
                    lost("core's keep-alives are not answered");
                }
            }
            case MapToChar.SAVE_CHARACTER -> {
                SaveCharacter save = new SaveCharacter(packet);
                if (save.quit()) {
                    gone(save.accountId());
                }
            }
            case MapToChar.CHAR_OFFLINE -> gone(new Presence(packet).accountId());
            case MapToChar.ALL_OFFLINE -> world.sessions.where(this::isOnCore).forEach(world::end);
            case MapToChar.SERVER_CHANGE ->
                onCore(new ServerChange(packet).accountId()).ifPresent(session -> session.change = packet.copy());
            case MapToChar.ONLINE_USERS -> users(new OnlineUsers(packet));
            default -> {
                // Not about who is where.
            }
        }
    }

    private void gone(int account) {
        onCore(account).ifPresent(world::end);
    }

    private Optional<PlayerSession> onCore(int account) {
        return world.sessions.account(account).filter(this::isOnCore);
    }

    private boolean isOnCore(PlayerSession session) {
        return session.state == SessionState.CORE;
    }

    /** Core came back and says who is there; who left meanwhile is not. */
    private void users(OnlineUsers users) {
        Set<Integer> there =
                users.players().stream().map(OnlineUsers.Player::accountId).collect(Collectors.toSet());
        world.sessions
                .where(session -> isOnCore(session) && !there.contains(session.account))
                .forEach(world::end);
    }

    // ---- packets for core ----

    void fromUpstream(Packet packet) {
        switch (packet.id()) {
            case CharToMap.LOGIN_ANSWER -> keepAliveDue = world.now();
            case CharToMap.KEEP_ALIVE_ANSWER -> {
                if (Boolean.FALSE.equals(keptAliveByCore.poll())) {
                    return;
                }
            }
            case CharToMap.AUTH_OK -> arrived(new AuthOk(packet));
            case CharToMap.ITEMS ->
                onCore(new ItemsLoaded(packet).accountId()).ifPresent(session -> quarantine.delivered(session, packet));
            case CharToMap.SERVER_CHANGE_ANSWER -> changed(new ServerChangeAnswer(packet));
            default -> {
                // Not about who is where.
            }
        }
        if (core != null) {
            core.send(packet);
        }
    }

    private void arrived(AuthOk ok) {
        PlayerSession session = AuthRecord.session(ok, SessionState.CORE, ServerKey.CORE, world);
        world.sessions.account(session.account).ifPresent(before -> {
            session.number = Math.max(session.number, before.number + 1);
            upstream.superseded(before, session.character);
        });
        world.sessions.put(session);
        world.keep(session);
    }

    /** He may go: if it is to us, his record is fetched when he enters. */
    private void changed(ServerChangeAnswer answer) {
        onCore(answer.accountId()).ifPresent(session -> {
            MapName map = MapName.of(answer.target().map());
            if (!answer.accepted() || !world.isEligible(map)) {
                session.change = null;
                return;
            }
            session.map = map;
            session.become(SessionState.LEAVING, world.now());
            world.keep(session);
        });
    }
}
