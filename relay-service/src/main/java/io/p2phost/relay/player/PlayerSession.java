package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.MapName;
import io.p2phost.relay.player.PlayerEvents.TurnedAway;
import io.p2phost.relay.player.PlayerSettings.Form;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.ColouredLine;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.EnterAccepted;
import io.p2phost.ro.client.MapChange;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Refused;
import io.p2phost.ro.client.Restart;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.ro.client.ServerTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection and, behind it, the connections to map-servers, one after the other. db-proxy is asked before
 * anything reaches a map-server, says where the player goes, and moves him when his map's owner changes. As long as he has
 * no map-server his connection stays: its keep-alives are answered, what he does is dropped.
 *
 * <p>Everything happens on the loop of his connection.
 */
public final class PlayerSession {
    /** Map-servers that refuse him one after the other; each is asked a second after the one before. */
    static final int MOST_REFUSALS = 60;

    /** Packets of a new map-server that wait until the client knows of the new map. */
    static final int MOST_HELD = 200;

    private static final int QUIT_ANSWER = 0x018b;
    private static final int YELLOW = 0x00_ff_ff;
    private static final String ALONE_TEXT =
            "The machine that hosts this map has stopped. You will be moved in a moment.";
    private static final String GIVEN_UP_TEXT = "No machine can take this map over now. Please log in again.";

    private final PlayerSettings settings;
    private final Parts parts;
    private final Loop loop;
    private final ClientLink client;
    private final PacketRuns fromClient;

    private Phase phase = Phase.FIRST;
    private Loop.@Nullable Alarm alarm;
    private @Nullable ByteBuf firstBytes;
    private @Nullable Enter entering;
    private @Nullable Screen screen;
    private @Nullable ServerSide server;
    private long number;

    /** Grows with each question and each attempt to connect: what belongs to an older one is void. */
    private int attempt;

    private int refusals;
    private boolean seen;
    private boolean inGame;
    /** Told to connect again: that he goes now is no sign that he is gone. */
    private boolean moved;
    /** Where he is being moved without his client's knowledge. */
    private @Nullable Destination splicing;
    /** Maps that the client was told of and has not loaded yet. */
    private int loading;
    /** He asked his map-server to quit, and it has not answered yet. */
    private boolean quitting;
    /** db-proxy is being told something that must come before what he sends next. */
    private boolean telling;
    /** He has sent more than he may: what follows waits. */
    private boolean slowed;

    private final Allowance packets;
    private final Allowance bytes;

    /** What the client was sent cannot be told apart into packets: nothing can be put behind it. */
    private boolean opaque;

    /** Since when it has no map-server; from its first packet on. */
    private long aloneSince;

    private boolean countedAlone;
    private int lastTick;
    private long lastTickAt;

    /** Where a session is. */
    enum Phase {
        /** Its first packet is awaited. */
        FIRST,
        /** db-proxy's answer is awaited, or the time to ask again. */
        ASKING,
        /** A map-server is being connected to. */
        DIALLING,
        /** The map-server's word is awaited. */
        ENTERING,
        PLAYING,
        /** In game, without a map-server. */
        ALONE,
        /** Told to connect again. */
        MOVED,
        OVER
    }

    /** What a session works with. */
    public record Parts(
            Loop loop, DbProxy dbProxy, MapServers servers, Maps maps, Players players, PlayerEvents events) {}

    public PlayerSession(PlayerSettings settings, Parts parts, ClientLink client) {
        this.settings = settings;
        this.parts = parts;
        this.loop = parts.loop();
        this.client = client;
        ClientSide side = new ClientSide();
        this.fromClient = new PacketRuns(settings.lengths(), side::isWatched, side, this::toServer);
        this.lastTickAt = loop.nanoTime();
        PlayerSettings.Flow flow = settings.flow();
        this.packets = new Allowance(flow.packetsPerSecond(), flow.packetBurst(), lastTickAt);
        this.bytes = new Allowance(flow.bytesPerSecond(), flow.byteBurst(), lastTickAt);
    }

    /** Begins: the first packet is awaited. */
    public void start() {
        client.reading(true);
        ring(settings.timing().firstPacket(), () -> turnAway(TurnedAway.SLOW));
    }

    private void ring(Duration delay, Runnable task) {
        quiet();
        alarm = loop.after(delay, task);
    }

    private void quiet() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }

    // ---- the client ----

    /** Bytes of the client; the session owns the buffer. */
    public void clientReceived(ByteBuf received) {
        if (phase == Phase.FIRST) {
            first(received);
        } else if (!inGame || phase == Phase.OVER) {
            received.release();
            if (phase != Phase.OVER) {
                turnAway(TurnedAway.EARLY);
            }
        } else {
            long before = fromClient.packets();
            int size = received.readableBytes();
            fromClient.feed(received);
            slow(size, (int) (fromClient.packets() - before));
        }
    }

    private void slow(int size, int count) {
        long now = loop.nanoTime();
        Duration forBytes = bytes.take(size, now);
        Duration forPackets = packets.take(count, now);
        Duration wait = forBytes.compareTo(forPackets) > 0 ? forBytes : forPackets;
        if (wait.isPositive() && !slowed && phase != Phase.OVER) {
            slowed = true;
            parts.events().slowed();
            client.reading(false);
            loop.after(wait, () -> {
                slowed = false;
                if (phase != Phase.OVER) {
                    readClient();
                }
            });
        }
    }

    private void first(ByteBuf more) {
        firstBytes = firstBytes == null ? more : Unpooled.wrappedBuffer(firstBytes, more);
        int length = settings.lengths().of(ClientToMap.ENTER);
        int there = firstBytes.readableBytes();
        int at = firstBytes.readerIndex();
        if (there >= 2 && firstBytes.getUnsignedShortLE(at) != ClientToMap.ENTER) {
            turnAway(TurnedAway.WRONG);
        } else if (there > length) {
            turnAway(TurnedAway.EARLY);
        } else if (there == length) {
            byte[] packet = new byte[length];
            firstBytes.getBytes(at, packet);
            forgetFirst();
            Enter enter = new Enter(Packet.of(packet));
            entering = enter;
            screen = settings.form() == Form.SPLICE ? new Screen(enter.accountId()) : null;
            aloneSince = loop.nanoTime();
            ask(enter);
        }
    }

    private void forgetFirst() {
        if (firstBytes != null) {
            firstBytes.release();
            firstBytes = null;
        }
    }

    /** The client's connection takes more again. */
    public void clientWritable() {
        if (server != null && server.withheld == null) {
            server.reading(true);
        }
    }

    /** The client's connection is over. */
    public void clientEnded() {
        if (phase == Phase.OVER) {
            return;
        }
        over();
        if (parts.players().left(this) && !moved) {
            parts.dbProxy().gone(account(), number);
        }
    }

    private void over() {
        countAlone(false);
        phase = Phase.OVER;
        attempt++;
        quiet();
        forgetFirst();
        releaseServer();
        fromClient.stop();
    }

    private void turnAway(TurnedAway why) {
        parts.events().turnedAway(why);
        close();
    }

    /** Ends the client's connection, behind what it was sent. */
    private void close() {
        client.flush();
        client.close();
        clientEnded();
    }

    private void refuse(int code, TurnedAway why) {
        write(Refused.of(code).packet());
        turnAway(why);
    }

    private void write(Packet packet) {
        client.write(PacketRuns.bytes(packet));
    }

    private void toServer(ByteBuf bytes) {
        ServerSide to = server;
        if (to == null || !to.open) {
            bytes.release();
            return;
        }
        if (!to.send(bytes)) {
            client.reading(false);
        }
    }

    private void readClient() {
        client.reading(!telling && !slowed);
    }

    /** What the client sends in game. */
    private final class ClientSide implements PacketRuns.Judge {
        boolean isWatched(int id) {
            return switch (id) {
                case ClientToMap.MAP_LOADED, ClientToMap.RESTART, ClientToMap.TIME_REQUEST, ClientToMap.QUIT_REQUEST ->
                    true;
                default -> screen != null && Screen.isDone(id);
            };
        }

        @Override
        public boolean keeps(Packet packet) {
            if (screen != null) {
                screen.done(packet);
            }
            boolean alone = server == null || !server.open;
            return switch (packet.id()) {
                case ClientToMap.MAP_LOADED -> loaded();
                case ClientToMap.RESTART -> alone || restart(packet);
                case ClientToMap.TIME_REQUEST -> !alone || answerTime();
                case ClientToMap.QUIT_REQUEST -> quit(alone);
                default -> true;
            };
        }

        /** Only the answer to the newest map is for the server that the client is with now. */
        private boolean loaded() {
            loading = Math.max(0, loading - 1);
            ServerSide to = server;
            if (to == null || !to.let || to.withheld != null || (!to.open && loading > 0)) {
                return false;
            }
            // What came before it was for nobody.
            fromClient.flush();
            to.open = true;
            to.drawn = true;
            return true;
        }

        /** db-proxy must know of it before the map-server's own request can reach it. */
        private boolean restart(Packet packet) {
            ServerSide to = server;
            if (to == null || new Restart(packet).kind() != Restart.CHARACTER_SELECT) {
                return true;
            }
            fromClient.flush();
            telling = true;
            client.reading(false);
            parts.dbProxy().restartSeen(loop, account(), number, () -> {
                telling = false;
                if (phase == Phase.OVER) {
                    return;
                }
                if (server == to) {
                    to.send(PacketRuns.bytes(packet));
                }
                readClient();
            });
            return false;
        }

        private boolean answerTime() {
            long since = TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - lastTickAt);
            write(ServerTime.of(lastTick + (int) since).packet());
            client.flush();
            return false;
        }

        private boolean quit(boolean alone) {
            quitting = true;
            if (alone) {
                // Not under the feet of whoever reads his packets just now.
                loop.execute(PlayerSession.this::sayGoodbye);
            }
            return !alone;
        }

        @Override
        public void opaque() {
            parts.events().opaque();
        }
    }

    /** He asked to quit, and there is no map-server to answer. */
    private void sayGoodbye() {
        if (phase != Phase.OVER) {
            write(Packet.fixed(QUIT_ANSWER, 4));
            close();
        }
    }

    private void closeIfOpen() {
        if (phase != Phase.OVER) {
            close();
        }
    }

    // ---- db-proxy ----

    private void ask(Enter enter) {
        if (!inGame) {
            phase = Phase.ASKING;
        }
        int asked = ++attempt;
        // An answer may die with db-proxy: the question is repeated.
        ring(settings.timing().retry().multipliedBy(8), this::again);
        parts.dbProxy().enter(loop, enter, client.address(), answer -> {
            if (asked == attempt && phase != Phase.OVER) {
                answered(answer);
            } else if (phase == Phase.OVER && !moved && answer instanceof Entry.Routed routed) {
                // He went while db-proxy let him in.
                parts.dbProxy().gone(enter.accountId(), routed.destination().number());
            }
        });
    }

    private void answered(Entry answer) {
        switch (answer) {
            case Entry.Routed routed -> {
                parts.players().entered(this, loop);
                if (inGame && splicing == null) {
                    moveTo(routed.destination());
                } else {
                    route(routed.destination());
                }
            }
            case Entry.Refused refused -> {
                // Away for a moment is no reason to throw him out.
                if (refused.code() == Refused.REJECTED) {
                    refuse(refused.code(), TurnedAway.REJECTED);
                } else {
                    askLater();
                }
            }
            case Entry.Silent silent -> askLater();
        }
    }

    private void askLater() {
        attempt++;
        ring(settings.timing().retry(), this::again);
    }

    /** Asks about a player who still has no map-server; nobody waits for ever. */
    private void again() {
        Duration alone = Duration.ofNanos(loop.nanoTime() - aloneSince);
        if (alone.compareTo(settings.timing().limbo()) >= 0) {
            parts.events().givenUp();
            if (inGame) {
                write(ColouredLine.of(YELLOW, GIVEN_UP_TEXT).packet());
            }
            refuse(Refused.SERVER_CLOSED, TurnedAway.UNANSWERED);
        } else if (entering != null) {
            ask(entering);
        }
    }

    private void route(Destination to) {
        number = to.number();
        splicing = splicing == null ? null : to;
        releaseServer();
        phase = Phase.DIALLING;
        attempt++;
        // The way itself has a deadline; this one is for a way that never says anything.
        ring(settings.timing().serverAnswer(), this::again);
        server = new ServerSide(to);
        server.dial();
    }

    // ---- what db-proxy orders ----

    /** He is somebody else's player now. */
    void rehome(Destination to) {
        boolean underWay = server != null || phase == Phase.ASKING;
        if (phase == Phase.OVER || moved || (to.number() <= number && underWay)) {
            // db-proxy repeats itself until he is there: a client that was told twice comes twice.
            return;
        }
        moveTo(to);
    }

    private void moveTo(Destination to) {
        releaseServer();
        if (!inGame) {
            route(to);
        } else if (opaque) {
            close();
        } else if (settings.form() == Form.SPLICE && !fromClient.isOpaque()) {
            leaveAlone();
            if (phase != Phase.OVER) {
                splicing = to;
                route(to);
            }
        } else if (quitting) {
            sayGoodbye();
        } else {
            number = to.number();
            moved = true;
            phase = Phase.MOVED;
            attempt++;
            countAlone(false);
            parts.events().moved(Form.SERVER_MOVE);
            write(serverMove(to));
            client.flush();
            readClient();
            ring(settings.timing().moved(), this::close);
        }
    }

    private Packet serverMove(Destination to) {
        String map = to.map() + ".gat";
        boolean old = settings.lengths().of(MapToClient.SERVER_MOVE) == PacketLengths.UNKNOWN;
        ServerMove move = old
                ? ServerMove.ofOldClient(map, to.x(), to.y(), settings.frontAddress(), settings.frontPort())
                : ServerMove.of(map, to.x(), to.y(), settings.frontAddress(), settings.frontPort());
        return move.packet();
    }

    /** Ends the connection to his map-server, which saves him then; his own stays. */
    void release(long of) {
        if (of >= number && server != null) {
            releaseServer();
            if (inGame) {
                leaveAlone();
            } else {
                phase = Phase.ASKING;
                askLater();
            }
        }
    }

    /** Ends his own connection. */
    void kick(long of) {
        if (of >= number) {
            closeIfOpen();
        }
    }

    /** Nobody can say any more that his map is still the host's: he waits until somebody can. */
    void unconfirmed() {
        if (inGame && server != null && server.to.owner().isHost()) {
            releaseServer();
            leaveAlone();
        }
    }

    /** A newer connection of his was let in. */
    void replaced() {
        moved = true;
        closeIfOpen();
    }

    private void releaseServer() {
        ServerSide had = server;
        if (had != null) {
            server = null;
            had.close();
        }
    }

    // ---- without a map-server ----

    private void leaveAlone() {
        if (opaque) {
            close();
            return;
        }
        if (quitting) {
            sayGoodbye();
            return;
        }
        phase = Phase.ALONE;
        attempt++;
        if (!countedAlone) {
            aloneSince = loop.nanoTime();
            countAlone(true);
            ring(settings.timing().quiet(), this::tellAlone);
        } else {
            ring(settings.timing().ask(), this::again);
        }
        readClient();
    }

    private void countAlone(boolean now) {
        if (countedAlone != now) {
            countedAlone = now;
            parts.events().alone(now);
        }
    }

    private void tellAlone() {
        write(ColouredLine.of(YELLOW, ALONE_TEXT).packet());
        client.flush();
        ring(settings.timing().ask(), this::again);
    }

    // ---- the map-server ----

    /** A connection to a map-server, from the attempt to make it to its end. */
    private final class ServerSide implements ServerLink.Events, PacketRuns.Judge {
        private final Destination to;
        private final PacketRuns runs;
        /** What it sends before the client knows of the new map. */
        private final List<ByteBuf> held = new ArrayList<>();

        private @Nullable ServerLink link;
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

        ServerSide(Destination to) {
            this.to = to;
            this.runs = new PacketRuns(settings.lengths(), this::isWatched, this, this::give);
            runs.watchAll(true);
        }

        void dial() {
            giveUp = parts.servers().dial(loop, to, account(), this);
        }

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

        /** Nothing of it reaches the client any more. */
        private void forget() {
            opaque |= runs.isOpaque();
            runs.stop();
            held.forEach(ByteBuf::release);
            held.clear();
        }

        void close() {
            forget();
            if (link != null) {
                link.close();
            } else if (giveUp != null) {
                giveUp.run();
            }
        }

        // ---- its connection ----

        @Override
        public void connected(ServerLink made) {
            link = made;
            if (server != this || entering == null) {
                made.close();
                return;
            }
            phase = Phase.ENTERING;
            ring(settings.timing().serverAnswer(), this::noWord);
            // Whole and alone, or the map-server does not take it.
            send(PacketRuns.bytes(
                    new Enter(entering.packet().copy()).loginId1(to.loginId1()).packet()));
        }

        private void noWord() {
            releaseServer();
            phase = splicing == null ? Phase.ASKING : Phase.ALONE;
            askLater();
        }

        @Override
        public void failed(String why) {
            if (server == this) {
                noWord();
            }
        }

        @Override
        public void received(ByteBuf bytes) {
            runs.feed(bytes);
            client.flush();
            if (server == this && (!client.isWritable() || withheld != null)) {
                reading(false);
            }
        }

        @Override
        public void writable() {
            if (server == this) {
                readClient();
            }
        }

        @Override
        public void ended() {
            if (server != this) {
                return;
            }
            server = null;
            forget();
            if (farewell) {
                PlayerSession.this.close();
            } else if (inGame && splicing == null) {
                leaveAlone();
            } else {
                noWord();
            }
        }

        private void give(ByteBuf bytes) {
            if (withheld == null && (let || splicing == null)) {
                client.write(bytes);
            } else {
                held.add(bytes);
            }
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
                        QUIT_ANSWER -> true;
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
                    refused(packet);
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
            watch(packet);
            return true;
        }

        private boolean isElsewhere(MapChange change) {
            return !to.owner().isHost() && parts.maps().isHosted(mapOf(change));
        }

        /**
         * The reserve has all maps, and so takes a player who walks through a portal to its own copy of a map that a host
         * serves. Nothing more of it reaches the client, and nothing of him reaches it, until db-proxy has said whether he
         * goes on at the host.
         */
        private void withhold(MapChange change) {
            runs.flush();
            withheld = change;
            open = false;
            reading(false);
            parts.dbProxy().walked(loop, account(), number, mapOf(change), change.x(), change.y(), taken -> {
                if (server != this) {
                    return;
                }
                if (taken) {
                    // It saves him for good now, and he is handed over.
                    releaseServer();
                    leaveAlone();
                } else {
                    letGo(change);
                }
            });
        }

        private void letGo(MapChange change) {
            withheld = null;
            open = true;
            watch(change.packet());
            write(change.packet());
            held.forEach(client::write);
            held.clear();
            client.flush();
            reading(true);
        }

        private boolean entering(Packet packet) {
            return switch (packet.id()) {
                case MapToClient.ENTER_SEEN -> isFirstSeen();
                case MapToClient.REFUSED -> {
                    refused(packet);
                    yield false;
                }
                case MapToClient.ENTER_ACCEPTED -> accepted(new EnterAccepted(packet));
                default -> holdsMore();
            };
        }

        private boolean isFirstSeen() {
            boolean first = !seen;
            seen = true;
            return first;
        }

        private boolean holdsMore() {
            if (held.size() >= MOST_HELD) {
                noWord();
                return false;
            }
            return true;
        }

        private void watch(Packet packet) {
            if (screen != null) {
                screen.shown(packet);
            }
            switch (packet.id()) {
                case MapToClient.MAP_CHANGE -> loading++;
                case MapToClient.TIME -> tick(new ServerTime(packet).tick());
                case MapToClient.REFUSED,
                        MapToClient.RESTART_ANSWER,
                        MapToClient.SERVER_MOVE,
                        MapToClient.SERVER_MOVE_IP -> farewell = true;
                case QUIT_ANSWER -> {
                    // Whoever fights is told no.
                    farewell = packet.u16(2) == 0;
                    quitting = false;
                }
                default -> {
                    // Shown, and no more.
                }
            }
        }

        /**
         * A server that has no char-server at the moment, still has him from before, or lost its char-server while it
         * loaded him: another may take him, or the same later.
         */
        private void refused(Packet packet) {
            if (refusals++ >= MOST_REFUSALS) {
                refuse(new Refused(packet).reason(), TurnedAway.UNANSWERED);
                return;
            }
            releaseServer();
            if (inGame && splicing == null) {
                leaveAlone();
            } else {
                noWord();
            }
        }

        /** Whether the client is told in these words. */
        private boolean accepted(EnterAccepted packet) {
            runs.flush();
            let = true;
            refusals = 0;
            loading++;
            tick(packet.tick());
            quiet();
            phase = Phase.PLAYING;
            Destination spliced = splicing;
            if (spliced == null) {
                inGame = true;
                open = true;
                parts.events().entered();
                return true;
            }
            splicing = null;
            parts.events().moved(Form.SPLICE);
            parts.events().backAfter(loop.nanoTime() - aloneSince);
            countAlone(false);
            if (screen != null) {
                screen.clear().forEach(PlayerSession.this::write);
            }
            write(ServerTime.of(packet.tick()).packet());
            write(MapChange.of(
                            spliced.map() + ".gat",
                            packet.cell().x(),
                            packet.cell().y())
                    .packet());
            held.forEach(client::write);
            held.clear();
            return false;
        }

        private void tick(int tick) {
            lastTick = tick;
            lastTickAt = loop.nanoTime();
        }

        @Override
        public void opaque() {
            parts.events().opaque();
            if (splicing != null) {
                noWord();
            } else if (!let) {
                // The table does not fit this server's packets: nothing is known of him from here on.
                let = true;
                open = true;
                inGame = true;
                quiet();
                phase = Phase.PLAYING;
            }
        }
    }

    private static MapName mapOf(MapChange change) {
        return MapName.of(change.map().replace(".gat", ""));
    }

    int account() {
        return entering == null ? 0 : entering.accountId();
    }

    /** Where the session is, for its operator. */
    Phase phase() {
        return phase;
    }
}
