package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;
import io.p2phost.contracts.MapName;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.EnterAccepted;
import io.p2phost.ro.client.MapChange;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Refused;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's connection to one map-server, from the attempt to make it to its end, and what is read of its packets. Once
 * the session has another, or none, it is told nothing more of this one.
 */
final class ServerSide implements ServerLink.Events, PacketRuns.Judge {
    /** Packets that wait until the client may have them. */
    static final int MOST_HELD = 200;

    /** The word that an item was taken for an auction. */
    private static final int ITEM_TAKEN = 1;

    private final PlayerSession session;
    private final PlayerSettings settings;
    private final ClientLink client;
    private final @Nullable Screen screen;
    private final Destination to;
    private final PacketRuns runs;
    /** What it sends before the client knows of the new map. */
    private final List<ByteBuf> held = new ArrayList<>();

    private @Nullable ServerLink link;
    /** Looks at the packets of a host's map. */
    private @Nullable Tap tap;

    private @Nullable Runnable giveUp;
    /** It has let the player in. */
    private boolean let;
    /** The client's packets are for it. */
    private boolean open;
    /** It knows that the client has loaded the map. */
    private boolean drawn;
    /** It has sent something since: it has loaded the player whole. */
    private boolean settled;
    /** The word of a map that another server has: the client is not told before it is decided where he goes. */
    private @Nullable MapChange withheld;
    /** It took leave of the client: when it ends, so does the client's connection. */
    private boolean farewell;
    /** Nobody is there any more to whom it speaks. */
    private boolean discarded;

    ServerSide(
            PlayerSession session,
            PlayerSettings settings,
            ClientLink client,
            @Nullable Screen screen,
            Destination to) {
        this.session = session;
        this.settings = settings;
        this.client = client;
        this.screen = screen;
        this.to = to;
        this.runs = new PacketRuns(settings.lengths(), ClientIds.STANDARD, this::isWatched, this, this::give);
        runs.watchAll(true);
    }

    /** Which one it is. */
    Destination to() {
        return to;
    }

    void dial(MapServers servers, Loop loop, int account) {
        giveUp = servers.dial(loop, to, account, this);
    }

    // ---- from one process to the next ----

    /** Whether it is in the middle of nothing: another process could go on with it. */
    boolean isSettled() {
        return let && link != null && withheld == null;
    }

    SessionImage.Server image() {
        return new SessionImage.Server(to, open, drawn, settled, farewell, runs.isOpaque(), runs.half());
    }

    /** Another process had it until now; {@code standing} carries it. */
    void goOnFrom(SessionImage.Server image, ServerLink standing) {
        let = true;
        open = image.open();
        drawn = image.drawn();
        settled = image.settled();
        farewell = image.farewell();
        runs.watchAll(!settled);
        look();
        runs.goOnFrom(image.half(), image.opaque());
        link = standing;
    }

    /** Another process has it from now on. */
    void abandon() {
        forget();
        if (link != null) {
            link.abandon();
        }
    }

    @Nullable
    ServerLink link() {
        return link;
    }

    boolean isHost() {
        return to.owner().isHost();
    }

    /** Whether the client's packets are for it. */
    boolean isOpen() {
        return open;
    }

    boolean isWithheld() {
        return withheld != null;
    }

    /** The client has loaded the map that it was told of; {@code newest}: it was told of no other since. False: not yet. */
    boolean drawn(boolean newest) {
        if (!let || withheld != null || (!open && !newest)) {
            return false;
        }
        open = true;
        drawn = true;
        return true;
    }

    /** False when it takes no more for now. */
    boolean send(ByteBuf bytes) {
        if (link == null) {
            bytes.release();
            return true;
        }
        link.send(bytes);
        return link.isWritable();
    }

    void reading(boolean on) {
        if (link != null) {
            link.reading(on);
        }
    }

    void close() {
        forget();
        if (link != null) {
            link.close();
        } else if (giveUp != null) {
            giveUp.run();
        }
    }

    /** It may go on speaking to a client that is gone. */
    void discard() {
        discarded = true;
        forget();
        reading(true);
    }

    /** A packet of the client that is for it. */
    void glimpsed(int id, ByteBuf in, int at, int length) {
        if (tap != null && open) {
            tap.fromClient(id, in, at, length);
        }
    }

    /** Nothing of it reaches the client any more. */
    private void forget() {
        if (tap != null) {
            tap.end();
            tap = null;
        }
        runs.glance(null);
        runs.stop();
        held.forEach(ByteBuf::release);
        held.clear();
    }

    /** What it sent to the client cannot be told apart into packets. */
    boolean isOpaque() {
        return let && runs.isOpaque();
    }

    // ---- its connection ----

    @Override
    public void connected(ServerLink made) {
        session.unlessPaused(() -> enter(made));
    }

    private void enter(ServerLink made) {
        link = made;
        Enter enter = session.has(this) ? session.connected() : null;
        if (enter == null) {
            made.close();
            return;
        }
        // Whole and alone, or the map-server does not take it.
        send(PacketRuns.bytes(settings.ids()
                .own(new Enter(enter.packet().copy()).loginId1(to.loginId1()).packet())));
    }

    @Override
    public void failed(String why) {
        session.unlessPaused(() -> {
            if (session.has(this)) {
                session.noWord();
            }
        });
    }

    @Override
    public void received(ByteBuf bytes) {
        session.unlessPaused(() -> read(bytes));
    }

    private void read(ByteBuf bytes) {
        if (discarded) {
            bytes.release();
            return;
        }
        runs.feed(bytes);
        client.flush();
        if (session.has(this) && (!client.isWritable() || withheld != null)) {
            reading(false);
        }
    }

    @Override
    public void writable() {
        if (session.has(this)) {
            session.readClient();
        }
    }

    @Override
    public void ended() {
        session.unlessPaused(() -> {
            if (session.has(this)) {
                forget();
                session.serverEnded(farewell);
            }
        });
    }

    private void give(ByteBuf bytes) {
        if (withheld == null && (let || !session.isSpliced())) {
            client.write(bytes);
        } else {
            held.add(bytes);
        }
    }

    private void giveHeld() {
        held.forEach(client::write);
        held.clear();
    }

    // ---- its packets ----

    private boolean isWatched(int id) {
        return switch (id) {
            case MapToClient.MAP_CHANGE,
                    MapToClient.TIME,
                    MapToClient.REFUSED,
                    MapToClient.RESTART_ANSWER,
                    MapToClient.SERVER_MOVE,
                    MapToClient.SERVER_MOVE_IP,
                    MapToClient.QUIT_ANSWER,
                    MapToClient.AUCTION_WORD -> true;
            default -> screen != null && Screen.isShown(id);
        };
    }

    @Override
    public boolean keeps(Packet packet) {
        if (!let) {
            return entering(packet);
        }
        if (!settled) {
            if (packet.id() == MapToClient.REFUSED) {
                session.refusedBy(new Refused(packet));
                return false;
            }
            if (drawn) {
                settled = true;
                runs.watchAll(false);
            }
        }
        if (packet.id() == MapToClient.MAP_CHANGE && withheld == null && isElsewhere(new MapChange(packet))) {
            withhold(new MapChange(packet));
            return false;
        }
        if (packet.id() == MapToClient.AUCTION_WORD && packet.u8(2) == ITEM_TAKEN) {
            // db-proxy had him saved; nobody has auctions behind it.
            return false;
        }
        watch(packet);
        return true;
    }

    private boolean entering(Packet packet) {
        return switch (packet.id()) {
            case MapToClient.ENTER_SEEN -> session.isFirstSeen();
            case MapToClient.REFUSED -> {
                session.refusedBy(new Refused(packet));
                yield false;
            }
            case MapToClient.ENTER_ACCEPTED, EnterAccepted.ID_2014 -> accepted(new EnterAccepted(packet));
            default -> holdsMore();
        };
    }

    private boolean holdsMore() {
        if (held.size() >= MOST_HELD) {
            session.noWord();
            return false;
        }
        return true;
    }

    /** Whether the client is told in these words. */
    private boolean accepted(EnterAccepted packet) {
        runs.flush();
        let = true;
        look();
        boolean spliced = session.isSpliced();
        session.accepted(to, packet);
        if (spliced) {
            giveHeld();
        } else {
            open = true;
        }
        return !spliced;
    }

    private void look() {
        if (isHost()) {
            Tap looks = session.tap(to);
            tap = looks;
            runs.glance((id, in, at, length) -> {
                session.told(id, in, at);
                looks.fromServer(id, in, at, length);
            });
        } else {
            runs.glance((id, in, at, length) -> session.told(id, in, at));
        }
    }

    private boolean isElsewhere(MapChange change) {
        return !isHost() && session.isHosted(mapOf(change));
    }

    /**
     * The reserve has all maps, and so takes a player who walks through a portal to its own copy of a map that a host
     * serves. Nothing more of it reaches the client, and nothing of him reaches it, until db-proxy has said whether he goes
     * on at the host.
     */
    private void withhold(MapChange change) {
        runs.flush();
        withheld = change;
        open = false;
        reading(false);
        session.walked(mapOf(change), change.x(), change.y(), taken -> {
            if (!session.has(this)) {
                return;
            }
            if (taken) {
                // It saves him for good now, and he is handed over.
                session.leaveServer();
            } else {
                letGo(change);
            }
        });
    }

    private void letGo(MapChange change) {
        withheld = null;
        open = true;
        watch(change.packet());
        client.write(PacketRuns.bytes(change.packet()));
        giveHeld();
        client.flush();
        reading(true);
    }

    private void watch(Packet packet) {
        if (screen != null) {
            screen.shown(packet);
        }
        switch (packet.id()) {
            case MapToClient.REFUSED, MapToClient.RESTART_ANSWER, MapToClient.SERVER_MOVE, MapToClient.SERVER_MOVE_IP ->
                farewell = true;
            case MapToClient.QUIT_ANSWER -> {
                // Whoever fights is told no.
                farewell = packet.u16(2) == 0;
                session.quitAnswered();
            }
            case MapToClient.MAP_CHANGE -> session.mapTold();
            case MapToClient.TIME -> session.timeTold(packet);
            default -> {
                // Shown, and no more.
            }
        }
    }

    @Override
    public void opaque() {
        boolean entered = let;
        session.serverOpaque(entered);
        if (!entered && session.has(this)) {
            // The table does not fit this server's packets: nothing is known of him from here on.
            let = true;
            open = true;
        }
    }

    private static MapName mapOf(MapChange change) {
        return MapName.of(change.map().replace(".gat", ""));
    }
}
