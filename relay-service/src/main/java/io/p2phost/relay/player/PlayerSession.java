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
import io.p2phost.ro.client.OwnLine;
import io.p2phost.ro.client.Refused;
import io.p2phost.ro.client.Restart;
import io.p2phost.ro.client.Say;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.ro.client.ServerTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    private static final int YELLOW = 0x00_ff_ff;
    private static final int GREEN = 0x00_ff_00;
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
    private @Nullable ProtectedPipe pipe;
    private final long startedAt;
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

    private final Asides asides;
    private final RoundTrips trips = new RoundTrips();
    private int group;
    /** Who has let him in, for whoever asks from another thread. */
    private volatile @Nullable Destination servedBy;

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
        /** His stream cannot be read; it goes to the reserve as it is. */
        PROTECTED,
        /** In game, without a map-server. */
        ALONE,
        /** Told to connect again. */
        MOVED,
        OVER
    }

    /** What a session works with. */
    public record Parts(
            Loop loop,
            DbProxy dbProxy,
            MapServers servers,
            Maps maps,
            Players players,
            PlayerEvents events,
            Commands commands,
            Tap.Taps taps) {}

    public PlayerSession(PlayerSettings settings, Parts parts, ClientLink client) {
        this.settings = settings;
        this.parts = parts;
        this.loop = parts.loop();
        this.client = client;
        ClientSide side = new ClientSide();
        this.fromClient = new PacketRuns(settings.lengths(), settings.ids(), side::isWatched, side, this::toServer);
        fromClient.glance(this::glimpse);
        this.asides = new Asides(parts.commands(), loop, this::asker, this::tell);
        this.startedAt = loop.nanoTime();
        this.lastTickAt = startedAt;
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
        } else if (pipe != null) {
            int size = received.readableBytes();
            pipe.fromClient(received);
            slow(size, 0);
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
        int length = settings.lengths().of(settings.ids().own(ClientToMap.ENTER));
        int there = firstBytes.readableBytes();
        int at = firstBytes.readerIndex();
        if (there >= 2 && settings.ids().standard(firstBytes.getUnsignedShortLE(at)) != ClientToMap.ENTER) {
            unreadable(firstBytes);
        } else if (there > length) {
            turnAway(TurnedAway.EARLY);
        } else if (there == length) {
            byte[] packet = new byte[length];
            firstBytes.getBytes(at, packet);
            forgetFirst();
            Enter enter = new Enter(Packet.of(packet).u16(0, ClientToMap.ENTER));
            entering = enter;
            screen = settings.form() == Form.SPLICE ? new Screen(enter.accountId()) : null;
            aloneSince = loop.nanoTime();
            ask(enter);
        }
    }

    /** No packet that enters: the client of a protector, if there are such, or none at all. */
    private void unreadable(ByteBuf bytes) {
        Destination reserve = settings.reserve();
        if (reserve == null) {
            turnAway(TurnedAway.WRONG);
            return;
        }
        quiet();
        firstBytes = null;
        phase = Phase.PROTECTED;
        parts.events().unreadable(true);
        pipe = new ProtectedPipe(client, this::readClient, this::closeIfOpen);
        pipe.start(bytes, parts.servers(), loop, reserve);
    }

    private void forgetFirst() {
        if (firstBytes != null) {
            firstBytes.release();
            firstBytes = null;
        }
    }

    /** The client's connection takes more again. */
    public void clientWritable() {
        if (pipe != null) {
            pipe.clientWritable();
        } else if (server != null && !server.isWithheld()) {
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
        if (pipe != null) {
            pipe.close();
            pipe = null;
            parts.events().unreadable(false);
        }
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
        if (to == null || !to.isOpen()) {
            bytes.release();
            return;
        }
        if (!to.send(bytes)) {
            client.reading(false);
        }
    }

    private void glimpse(int id, ByteBuf in, int at, int length) {
        if (server != null) {
            server.glimpsed(id, in, at, length);
        }
    }

    /** A tap for the packets of a host's map. */
    Tap tap(Destination to) {
        return parts.taps().tap(to, account(), loop);
    }

    void readClient() {
        client.reading(!telling && !slowed && (pipe == null || pipe.isWritable()));
    }

    /** What the client sends in game. */
    private final class ClientSide implements PacketRuns.Judge {
        boolean isWatched(int id) {
            return switch (id) {
                case ClientToMap.MAP_LOADED,
                        ClientToMap.RESTART,
                        ClientToMap.TIME_REQUEST,
                        ClientToMap.QUIT_REQUEST,
                        ClientToMap.SAY -> true;
                default -> screen != null && Screen.isDone(id);
            };
        }

        @Override
        public boolean keeps(Packet packet) {
            if (screen != null) {
                screen.done(packet);
            }
            boolean alone = server == null || !server.isOpen();
            return switch (packet.id()) {
                case ClientToMap.MAP_LOADED -> loaded();
                case ClientToMap.RESTART -> alone || restart(packet);
                case ClientToMap.TIME_REQUEST -> alone ? answerTime() : timeAsked();
                case ClientToMap.QUIT_REQUEST -> quit(alone);
                case ClientToMap.SAY -> !asides.takes(new Say(packet));
                default -> true;
            };
        }

        /** Only the answer to the newest map is for the server that the client is with now. */
        private boolean loaded() {
            loading = Math.max(0, loading - 1);
            ServerSide to = server;
            if (to == null) {
                return false;
            }
            if (!to.isOpen()) {
                // What came before it was for nobody.
                fromClient.flush();
            }
            return to.drawn(loading == 0);
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
                    to.send(PacketRuns.bytes(settings.ids().own(packet)));
                }
                readClient();
            });
            return false;
        }

        private boolean timeAsked() {
            trips.asked(loop.nanoTime());
            return true;
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
            write(Packet.fixed(MapToClient.QUIT_ANSWER, 4));
            close();
        }
    }

    private void closeIfOpen() {
        if (phase != Phase.OVER) {
            close();
        }
    }

    // ---- what he asks the suite ----

    private Commands.Asker asker() {
        return new Commands.Asker(account(), group, servedBy, trips.sum());
    }

    /** A line in his chat window, unless nobody can tell where in the stream a packet may begin. */
    private void tell(String line) {
        ServerSide from = server;
        if (phase == Phase.OVER || opaque || (from != null && from.isOpaque())) {
            return;
        }
        boolean coloured = settings.lengths().of(MapToClient.COLOURED_LINE) == PacketLengths.VARIABLE;
        write(
                coloured
                        ? ColouredLine.of(GREEN, line).packet()
                        : OwnLine.of(line).packet());
        client.flush();
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
                group = routed.group();
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
        server = new ServerSide(this, settings, client, screen, to);
        server.dial(parts.servers(), loop, account());
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
            parts.players().moving(account(), countedAlone ? aloneSince : loop.nanoTime());
            parts.events().moved(Form.SERVER_MOVE);
            countAlone(false);
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
        if (inGame && server != null && server.isHost()) {
            leaveServer();
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
            servedBy = null;
            trips.lost();
            had.close();
            opaque |= had.isOpaque();
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

    // ---- what the map-server does ----

    /** Whether this is his map-server now. */
    boolean has(ServerSide side) {
        return server == side;
    }

    /** His client keeps its connection and knows nothing of the new map-server yet. */
    boolean isSpliced() {
        return splicing != null;
    }

    /** The way stands: what to enter with. */
    @Nullable
    Enter connected() {
        phase = Phase.ENTERING;
        ring(settings.timing().serverAnswer(), this::noWord);
        return entering;
    }

    /** It was not reached, or says nothing. */
    void noWord() {
        releaseServer();
        phase = splicing == null ? Phase.ASKING : Phase.ALONE;
        askLater();
    }

    /** It has read who enters: whether the client was not told so yet. */
    boolean isFirstSeen() {
        boolean first = !seen;
        seen = true;
        return first;
    }

    /** It is over; {@code farewell}: it took leave of the client before. */
    void serverEnded(boolean farewell) {
        releaseServer();
        if (farewell) {
            close();
        } else if (inGame && splicing == null) {
            leaveAlone();
        } else {
            noWord();
        }
    }

    /**
     * A server that has no char-server at the moment, still has him from before, or lost its char-server while it loaded
     * him: another may take him, or the same later.
     */
    void refusedBy(Refused packet) {
        if (refusals++ >= MOST_REFUSALS) {
            refuse(packet.reason(), TurnedAway.UNANSWERED);
            return;
        }
        serverEnded(false);
    }

    /** He is in; a client that was spliced is told of a new map. */
    void accepted(Destination to, EnterAccepted packet) {
        refusals = 0;
        servedBy = to;
        loading++;
        tick(packet.tick());
        quiet();
        phase = Phase.PLAYING;
        if (splicing == null) {
            inGame = true;
            client.inGame();
            parts.events().entered();
            parts.players().back(account()).ifPresent(this::back);
            return;
        }
        splicing = null;
        parts.events().moved(Form.SPLICE);
        back(aloneSince);
        countAlone(false);
        if (screen != null) {
            screen.clear().forEach(this::write);
        }
        write(ServerTime.of(packet.tick()).packet());
        write(MapChange.of(to.map() + ".gat", packet.cell().x(), packet.cell().y())
                .packet());
    }

    private void back(long since) {
        parts.events().backAfter(loop.nanoTime() - since);
    }

    /** A map's owner, as far as is known here. */
    boolean isHosted(MapName map) {
        return parts.maps().isHosted(map);
    }

    /** The reserve has taken him to a map that a host serves. */
    void walked(MapName map, int x, int y, Consumer<Boolean> taken) {
        parts.dbProxy().walked(loop, account(), number, map, x, y, taken);
    }

    void leaveServer() {
        releaseServer();
        leaveAlone();
    }

    void mapTold() {
        loading++;
    }

    void timeTold(Packet packet) {
        trips.answered(loop.nanoTime());
        tick(new ServerTime(packet).tick());
    }

    private void tick(int tick) {
        lastTick = tick;
        lastTickAt = loop.nanoTime();
    }

    void quitAnswered() {
        quitting = false;
    }

    /** What it sends cannot be told apart; {@code entered}: it had let him in before. */
    void serverOpaque(boolean entered) {
        parts.events().opaque();
        if (splicing != null) {
            noWord();
        } else if (!entered) {
            inGame = true;
            client.inGame();
            quiet();
            phase = Phase.PLAYING;
        }
    }

    /** Who has let him in; for any thread. */
    @Nullable
    Destination servedBy() {
        return servedBy;
    }

    int account() {
        return entering == null ? 0 : entering.accountId();
    }

    /** For the operator. */
    PlayerView view() {
        return new PlayerView(
                account(),
                client.address(),
                phase.name(),
                number,
                server == null ? null : server.to(),
                Duration.ofNanos(loop.nanoTime() - startedAt));
    }

    /** Where the session is, for its operator. */
    Phase phase() {
        return phase;
    }
}
