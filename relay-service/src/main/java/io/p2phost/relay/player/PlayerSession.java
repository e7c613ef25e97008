package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
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

    /** So many bytes of a packet that has a rate count as one. */
    private static final int COUNTS_ONCE = 256;

    /** What he gives to others while db-proxy is told of the first of it; the rest goes nowhere. */
    static final int MOST_GIFTS = 20;

    static final String NO_MAIL = "P2P: Mail cannot be written on this map. Write it in a town.";

    /** From his wish to give something away to his map-server's answer, if it has one. */
    private static final Duration GIVING = Duration.ofSeconds(1);
    /**
     * By then a map-server has saved the cart from which something was taken: nothing but its autosave, every ten seconds,
     * and what trades and shops save does.
     */
    static final Duration CART_SAVED = Duration.ofSeconds(15);

    /**
     * By then he has been saved for what he gave or took, without his cart: two turns of db-proxy's, of which his wish may
     * have waited for the first.
     */
    static final Duration GIFT_SAVED = Duration.ofSeconds(10);

    private static final int NO_WISH = 0;

    /** A blow that is none: somebody bends down. */
    private static final int PICKS_UP = 1;

    private static final Duration SOON = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 10;

    /** So often the pause between two questions about somebody in game doubles: 1 s to 4 s. */
    private static final int MOST_PATIENCE = 2;

    /** Whoever is alone at the same moment asks one after the other, in so many steps. */
    private static final int TURNS = 64;

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
    private @Nullable Combat combat;
    private @Nullable ServerSide server;
    private @Nullable ProtectedPipe pipe;
    private long startedAt;
    private long number;

    /** What waits until it is clear whether another process goes on with this session. */
    private @Nullable List<Runnable> paused;

    /** The map-server that the other process would go on with. */
    private @Nullable ServerSide carried;

    /** Another process has it. */
    private boolean elsewhere;

    /** Grows with each question and each attempt to connect: what belongs to an older one is void. */
    private int attempt;

    private int refusals;
    /** Map-servers that were not reached, or had no word for him, since he last was in. */
    private int misses;

    private int questions;

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
    /** What he gives to others, while db-proxy is told of it. */
    private final List<Packet> gifts = new ArrayList<>();
    /** His wishes to give something that went to his map-server: how often, how many of them lately, what is unanswered. */
    private int given;

    private int giving;
    /** When he last put something into his cart or took it out; null: not on this connection. */
    private @Nullable Long cartUsed;

    /** When he last gave something away or took what another dropped; null: not on this connection. */
    private @Nullable Long lastGift;

    private final List<Integer> owed = new ArrayList<>();
    /** What fell to the floor last, as he saw. */
    private int fell;
    /** He has sent more than he may: what follows waits. */
    private boolean slowed;

    private final Asides asides;
    private final RoundTrips trips = new RoundTrips();
    private int group;
    /** Who has let him in, for whoever asks from another thread. */
    private volatile @Nullable Destination servedBy;

    private final Map<Kind, Allowance> kinds = new EnumMap<>(Kind.class);
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
        /** His connection ended while he fought: he stays on his map for a while. */
        FLED,
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
        this.asides = new Asides(parts.commands(), loop, this::asker, line -> unlessPaused(() -> tell(line)));
        this.startedAt = loop.nanoTime();
        this.lastTickAt = startedAt;
        PlayerSettings.Flow flow = settings.flow();
        this.packets = new Allowance(flow.packetsPerSecond(), flow.packetBurst(), lastTickAt);
        this.bytes = new Allowance(flow.bytesPerSecond(), flow.byteBurst(), lastTickAt);
        flow.kinds()
                .forEach((kind, rate) -> kinds.put(kind, new Allowance(rate.perSecond(), rate.burst(), lastTickAt)));
        fromClient.gate(this::mayPass);
    }

    /** Bytes of the packet that enters, in his client's version. */
    public int enterLength() {
        return settings.lengths().of(settings.ids().own(ClientToMap.ENTER));
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

    // ---- from one process to the next ----

    /**
     * Nothing more happens until {@link #goOn} or {@link #leave}: another process may take the session on. Empty when it
     * cannot: there is nobody, he is on his way to another connection, or what he is sent cannot be told apart any more.
     */
    public Optional<SessionImage> pause() {
        if (phase == Phase.OVER
                || phase == Phase.MOVED
                || phase == Phase.FLED
                || paused != null
                || (pipe != null && !pipe.isSettled())) {
            return Optional.empty();
        }
        ServerSide with = isSettled() ? server : null;
        if (with == null && (opaque || (server != null && server.isOpaque()))) {
            return Optional.empty();
        }
        paused = new ArrayList<>();
        carried = with;
        if (with == null && server != null) {
            // It is asked for anew; until that is certain, what it says waits.
            server.reading(false);
        }
        quiet();
        attempt++;
        return Optional.of(image(with));
    }

    /** Whether he is in the middle of something that is over in a moment. */
    public boolean isBusy() {
        boolean underWay = phase == Phase.ASKING || phase == Phase.DIALLING || phase == Phase.ENTERING;
        return underWay
                || (phase == Phase.PLAYING && !isSettled())
                || (pipe != null && !pipe.isSettled())
                || asides.isAsking();
    }

    private boolean isSettled() {
        return phase == Phase.PLAYING && !telling && splicing == null && server != null && server.isSettled();
    }

    private SessionImage image(@Nullable ServerSide with) {
        long now = loop.nanoTime();
        return new SessionImage(
                client.address(),
                firstBytes == null ? Bytes.NONE : Bytes.of(firstBytes),
                entering == null ? Bytes.NONE : Bytes.of(entering.packet().bytes()),
                number,
                group,
                seen,
                inGame,
                loading,
                quitting,
                opaque,
                fromClient.isOpaque(),
                fromClient.half(),
                lastTick + (int) TimeUnit.NANOSECONDS.toMillis(now - lastTickAt),
                !countedAlone ? 0 : TimeUnit.NANOSECONDS.toMillis(now - aloneSince),
                TimeUnit.NANOSECONDS.toMillis(now - startedAt),
                trips.sum(),
                screen == null ? null : screen.image(),
                with == null ? null : with.image(),
                pipe == null ? null : pipe.image());
    }

    /** The connection to his map-server, if it is part of what {@link #pause} has told. */
    public @Nullable ServerLink carried() {
        return pipe != null ? pipe.link() : carried == null ? null : carried.link();
    }

    /** No other process has taken it on. */
    public void goOn() {
        List<Runnable> meanwhile = paused;
        boolean asksAnew = carried == null;
        paused = null;
        carried = null;
        if (meanwhile == null) {
            return;
        }
        meanwhile.forEach(Runnable::run);
        if (phase == Phase.FIRST) {
            start();
        } else if (phase != Phase.OVER && phase != Phase.PLAYING && phase != Phase.PROTECTED) {
            releaseServer();
            askLater();
        } else if (asksAnew && server != null && !server.isWithheld()) {
            server.reading(client.isWritable());
        }
        readClient();
    }

    /** Another process has taken it on: here nothing is left of it, and nobody is told. */
    public void leave() {
        List<Runnable> meanwhile = paused;
        paused = null;
        elsewhere = true;
        if (carried != null) {
            carried.abandon();
            carried = null;
            server = null;
        }
        if (pipe != null) {
            pipe.abandon();
        }
        moved = true;
        over();
        parts.players().left(this);
        if (meanwhile != null) {
            // None of them does anything any more, but they own bytes, and somebody waits for orders.
            meanwhile.forEach(Runnable::run);
        }
    }

    /** Whether another process has it. */
    boolean isElsewhere() {
        return elsewhere;
    }

    /**
     * Another process had it until now. Does not read yet.
     *
     * @param standing makes his map-server's connection, if it is there; given where its events go
     */
    public void goOnFrom(SessionImage image, @Nullable Function<ServerLink.Events, ServerLink> standing) {
        seen = image.seen();
        inGame = image.inGame();
        number = image.number();
        group = image.group();
        startedAt = loop.nanoTime() - TimeUnit.MILLISECONDS.toNanos(image.connectedMillis());
        trips.goOnFrom(image.trips());
        SessionImage.Pipe piped = image.pipe();
        if (piped != null) {
            goOnFrom(piped, standing);
            return;
        }
        if (!inGame) {
            start();
            if (!image.enter().isEmpty()) {
                first(PacketRuns.bytes(
                        settings.ids().own(Packet.of(image.enter().toArray()))));
            } else if (!image.first().isEmpty()) {
                first(image.first().toBuffer());
            }
            return;
        }
        Enter enter = new Enter(Packet.of(image.enter().toArray()));
        entering = enter;
        loading = image.loading();
        quitting = image.quitting();
        opaque = image.opaque();
        tick(image.tick());
        aloneSince = lastTickAt - TimeUnit.MILLISECONDS.toNanos(image.aloneMillis());
        if (settings.form() == Form.SPLICE) {
            screen = new Screen(enter.accountId());
            if (image.screen() != null) {
                screen.goOnFrom(image.screen());
            }
        }
        combat = new Combat(enter.accountId(), loop::nanoTime);
        parts.players().entered(this, loop);
        SessionImage.Server with = image.server();
        if (with == null || standing == null) {
            fromClient.goOnFrom(image.half(), image.clientOpaque());
            phase = Phase.ALONE;
            countAlone(true);
            ring(Duration.ZERO, this::again);
            return;
        }
        ServerSide side = new ServerSide(this, settings, client, screen, with.to());
        server = side;
        servedBy = with.to();
        phase = Phase.PLAYING;
        side.goOnFrom(with, standing.apply(side));
        fromClient.goOnFrom(image.half(), image.clientOpaque());
    }

    private void goOnFrom(SessionImage.Pipe image, @Nullable Function<ServerLink.Events, ServerLink> standing) {
        phase = Phase.PROTECTED;
        parts.events().unreadable(true);
        ProtectedPipe made = newPipe();
        pipe = made;
        if (standing == null) {
            closeIfOpen();
        } else {
            made.goOnFrom(image, standing.apply(made));
        }
    }

    private ProtectedPipe newPipe() {
        return new ProtectedPipe(client, this::readClient, () -> unlessPaused(this::closeIfOpen));
    }

    /** Runs it, now or when it is clear that no other process goes on with the session. */
    void unlessPaused(Runnable task) {
        if (paused == null) {
            task.run();
        } else {
            paused.add(task);
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

    /** A long packet counts as several. */
    private boolean mayPass(int id, int length) {
        Kind kind = Kind.of(id);
        Allowance rate = kind == null ? null : kinds.get(kind);
        if (kind == null || rate == null || rate.takeIfThere(1 + length / COUNTS_ONCE, loop.nanoTime())) {
            return true;
        }
        parts.events().tooMany(kind);
        return false;
    }

    private void first(ByteBuf more) {
        firstBytes = firstBytes == null ? more : Unpooled.wrappedBuffer(firstBytes, more);
        int length = enterLength();
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
            combat = new Combat(enter.accountId(), loop::nanoTime);
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
        pipe = newPipe();
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
        } else if (paused == null && server != null && !server.isWithheld()) {
            server.reading(true);
        }
    }

    /** The client's connection is over. */
    public void clientEnded() {
        unlessPaused(() -> {
            ServerSide at = server;
            if (phase == Phase.PLAYING && !moved && at != null && at.isOpen() && isFighting()) {
                phase = Phase.FLED;
                parts.events().fled();
                at.discard();
                ring(settings.timing().combat(), this::end);
            } else {
                end();
            }
        });
    }

    private boolean isFighting() {
        return combat != null && combat.isWithin(settings.timing().combat());
    }

    /** Whoever let him go is told. */
    private void end() {
        if (phase == Phase.OVER) {
            return;
        }
        over();
        if (parts.players().left(this) && !moved) {
            parts.dbProxy().gone(account(), number);
        }
    }

    /** Nobody is there who could be moved, or wait: the map-server that has him no longer ends what he had. */
    private boolean endsIfFled() {
        boolean fled = phase == Phase.FLED;
        if (fled) {
            end();
        }
        return fled;
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
        unlessPaused(this::end);
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

    /** A packet of his map-server. */
    void told(int id, ByteBuf in, int at) {
        if (combat != null) {
            combat.look(id, in, at);
        }
        if (giving > 0) {
            gives(id, in, at);
        }
        if (id == MapToClient.DAMAGE && in.getByte(at + 29) == PICKS_UP && in.getIntLE(at + 2) == account()) {
            taken(in.getIntLE(at + 6));
        }
    }

    private void gives(int id, ByteBuf in, int at) {
        if (id == MapToClient.FLOOR_ITEM) {
            fell = in.getIntLE(at + 2);
        } else if (id == MapToClient.DROPPED && in.getUnsignedShortLE(at + 4) > 0 && server != null) {
            // A map-server tells him what lies there first.
            parts.players().dropped.add(server.to(), fell);
        }
        if (owed.remove(Integer.valueOf(wishAnsweredBy(id))) && owed.isEmpty()) {
            gave(given);
        }
    }

    /** What another player has dropped is in nobody's saves now but will be in his. */
    private void taken(int thing) {
        // He would be saved without his cart, and have twice what he took from there.
        if (server != null && parts.players().dropped.take(server.to(), thing) && !isCartUnsaved()) {
            lastGift = loop.nanoTime();
            parts.dbProxy().took(account(), number);
        }
    }

    private boolean isGiftUnsaved() {
        return telling || (lastGift != null && loop.nanoTime() - lastGift < GIFT_SAVED.toNanos());
    }

    private boolean isCartUnsaved() {
        return cartUsed != null && loop.nanoTime() - cartUsed < CART_SAVED.toNanos();
    }

    /** A map-server may take several of a client's packets one tick after the other. */
    private static int wishAnsweredBy(int id) {
        return switch (id) {
            case MapToClient.DROPPED -> ClientToMap.DROP;
            case MapToClient.TRADE_DONE, MapToClient.TRADE_CANCELLED -> ClientToMap.TRADE_COMMIT;
            case MapToClient.ITEM_GAIN -> ClientToMap.VENDING_BUY;
            default -> NO_WISH;
        };
    }

    private void gave(int which) {
        if (giving > 0 && which == given) {
            owed.clear();
            for (; giving > 0; giving--) {
                parts.dbProxy().gave(account(), number);
            }
        }
    }

    /** A tap for the packets of a host's map. */
    Tap tap(Destination to) {
        return parts.taps().tap(to, account(), loop);
    }

    /** Reads him, unless something keeps him waiting. */
    public void readClient() {
        if (phase != Phase.OVER && phase != Phase.FLED) {
            client.reading(!telling && !slowed && (pipe == null || pipe.isWritable()));
        }
    }

    /** What the client sends in game. */
    private final class ClientSide implements PacketRuns.Judge {
        boolean isWatched(int id) {
            return switch (id) {
                case ClientToMap.MAP_LOADED,
                        ClientToMap.RESTART,
                        ClientToMap.TIME_REQUEST,
                        ClientToMap.QUIT_REQUEST,
                        ClientToMap.DROP,
                        ClientToMap.BODY_TO_CART,
                        ClientToMap.CART_TO_BODY,
                        ClientToMap.STORE_TO_CART,
                        ClientToMap.CART_TO_STORE,
                        ClientToMap.TRADE_COMMIT,
                        ClientToMap.VENDING_BUY,
                        ClientToMap.BUYING_STORE_SELL,
                        ClientToMap.MAIL_WRITE,
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
                case ClientToMap.BODY_TO_CART,
                        ClientToMap.CART_TO_BODY,
                        ClientToMap.STORE_TO_CART,
                        ClientToMap.CART_TO_STORE -> alone || usesCart();
                case ClientToMap.DROP -> alone || drop(packet);
                case ClientToMap.TRADE_COMMIT, ClientToMap.VENDING_BUY, ClientToMap.BUYING_STORE_SELL ->
                    alone || give(packet);
                case ClientToMap.MAIL_WRITE -> writes(packet);
                default -> true;
            };
        }

        /** It would be refused when it is sent, and a stock map-server keeps the fee for what is attached then. */
        private boolean writes(Packet mail) {
            if (mail.length() != 26 || settings.lengths().of(MapToClient.MAIL_WRITTEN) != 27) {
                return true;
            }
            write(Packet.fixed(MapToClient.MAIL_WRITTEN, 27).text(2, 24, mail.text(2, 24)));
            client.flush();
            tell(NO_MAIL);
            return false;
        }

        /** Not while he may yet be saved without his cart for what he gave or took before. */
        private boolean usesCart() {
            if (isGiftUnsaved()) {
                return false;
            }
            cartUsed = loop.nanoTime();
            return true;
        }

        /** The save of a drop has no cart: what he took from there would still be in it. */
        private boolean drop(Packet packet) {
            if (isCartUnsaved()) {
                keepsIt(packet);
                client.flush();
                return false;
            }
            return give(packet);
        }

        /** db-proxy must know of it before the map-server can have saved whoever gets it. */
        private boolean give(Packet packet) {
            ServerSide to = server;
            if (to == null || gifts.size() >= MOST_GIFTS) {
                return false;
            }
            gifts.add(packet);
            if (gifts.size() == 1) {
                fromClient.flush();
                telling = true;
                client.reading(false);
                parts.dbProxy().gives(loop, account(), number, taken -> unlessPaused(() -> givesTold(to, taken)));
            }
            return false;
        }

        private void givesTold(ServerSide to, boolean taken) {
            List<Packet> told = List.copyOf(gifts);
            gifts.clear();
            telling = false;
            if (phase == Phase.OVER) {
                return;
            }
            if (taken && server == to) {
                lastGift = loop.nanoTime();
                told.forEach(packet -> {
                    owed.add(packet.id());
                    to.send(PacketRuns.bytes(settings.ids().own(packet)));
                });
                giving++;
                int which = ++given;
                loop.after(GIVING, () -> gave(which));
            } else {
                told.stream().filter(packet -> packet.id() == ClientToMap.DROP).forEach(this::keepsIt);
                client.flush();
            }
            readClient();
        }

        /** As a map-server tells that he could not drop it. */
        private void keepsIt(Packet drop) {
            write(Packet.fixed(MapToClient.DROPPED, 6).u16(2, drop.u16(2)));
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
            if (isFighting()) {
                return mayNotQuit();
            }
            fromClient.flush();
            telling = true;
            client.reading(false);
            parts.dbProxy().restartSeen(loop, account(), number, () -> unlessPaused(() -> restartTold(to, packet)));
            return false;
        }

        private void restartTold(ServerSide to, Packet packet) {
            telling = false;
            if (phase == Phase.OVER) {
                return;
            }
            if (server == to) {
                to.send(PacketRuns.bytes(settings.ids().own(packet)));
            }
            readClient();
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

        /** As a map-server tells it. */
        private boolean mayNotQuit() {
            write(Packet.fixed(MapToClient.QUIT_ANSWER, 4).u16(2, 1));
            client.flush();
            return false;
        }

        private boolean quit(boolean alone) {
            if (!alone && isFighting()) {
                return mayNotQuit();
            }
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
        if (inGame) {
            questions++;
        } else {
            phase = Phase.ASKING;
        }
        int asked = ++attempt;
        // An answer may die with db-proxy: the question is repeated.
        ring(settings.timing().retry().multipliedBy(8), this::again);
        parts.dbProxy().enter(loop, enter, client.address(), answer -> {
            if (asked == attempt && phase != Phase.OVER) {
                answered(answer);
            } else if (phase == Phase.OVER
                    && !moved
                    && answer instanceof Entry.Routed routed
                    && !parts.players().has(enter.accountId())) {
                // He went while db-proxy let him in, and has not come again.
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
        askIn(patience());
    }

    /**
     * db-proxy itself moves who is in game, and repeats it; it is asked about him in case it forgot, less and less often.
     * Nobody speaks for a newcomer but himself.
     */
    private Duration patience() {
        Duration retry = settings.timing().retry();
        return inGame ? retry.multipliedBy(1L << Math.min(questions, MOST_PATIENCE)) : retry;
    }

    private void askIn(Duration pause) {
        attempt++;
        Duration left = settings.timing().limbo().minus(alone());
        ring(pause.compareTo(left) < 0 || left.isNegative() ? pause : left, this::again);
    }

    private Duration alone() {
        return Duration.ofNanos(loop.nanoTime() - aloneSince);
    }

    /** Asks about a player who still has no map-server; nobody waits for ever. */
    private void again() {
        if (alone().compareTo(settings.timing().limbo()) >= 0) {
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
        number = phase == Phase.FLED ? to.number() : number;
        if (!endsIfFled()) {
            moveTo(to);
        }
    }

    /**
     * He goes on through another relay, because this one does not reach his map-server. Only who is in game can be told so:
     * who is just entering logs in again.
     */
    void carry(Destination to, OtherFront front) {
        if (phase == Phase.OVER || moved || to.number() <= number) {
            return;
        }
        number = phase == Phase.FLED ? to.number() : number;
        if (endsIfFled()) {
            return;
        }
        releaseServer();
        if (!inGame || opaque) {
            close();
        } else if (quitting) {
            sayGoodbye();
        } else {
            connectAgain(to, front);
        }
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
            connectAgain(to, new OtherFront(settings.frontAddress(), settings.frontPort()));
        }
    }

    private void connectAgain(Destination to, OtherFront front) {
        number = to.number();
        moved = true;
        phase = Phase.MOVED;
        attempt++;
        parts.players().moving(account(), countedAlone ? aloneSince : loop.nanoTime());
        parts.events().moved(Form.SERVER_MOVE);
        countAlone(false);
        write(serverMove(to, front));
        client.flush();
        readClient();
        ring(settings.timing().moved(), this::close);
    }

    private Packet serverMove(Destination to, OtherFront front) {
        String map = to.map() + ".gat";
        boolean old = settings.lengths().of(MapToClient.SERVER_MOVE) == PacketLengths.UNKNOWN;
        ServerMove move = old
                ? ServerMove.ofOldClient(map, to.x(), to.y(), front.address(), front.port())
                : ServerMove.of(map, to.x(), to.y(), front.address(), front.port());
        return move.packet();
    }

    /** Ends the connection to his map-server, which saves him then; his own stays. */
    void release(long of) {
        if (of >= number && server != null && !endsIfFled()) {
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
        if (endsIfFled()) {
            return;
        }
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
            ring(askAfter(), this::again);
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
        ring(askAfter(), this::again);
    }

    private Duration askAfter() {
        Duration ask = settings.timing().ask();
        return ask.plus(ask.multipliedBy(Math.floorMod(account(), TURNS)).dividedBy(TURNS));
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
        // A host may hear of its map a moment after its players came; a dead one is not asked more and more often.
        Duration pause = SOON.multipliedBy(1L << Math.min(misses++, MOST_DOUBLINGS));
        Duration most = patience();
        askIn(pause.compareTo(most) < 0 ? pause : most);
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
        if (endsIfFled()) {
            return;
        }
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
        misses = 0;
        questions = 0;
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
        parts.dbProxy().walked(loop, account(), number, map, x, y, answer -> unlessPaused(() -> taken.accept(answer)));
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
