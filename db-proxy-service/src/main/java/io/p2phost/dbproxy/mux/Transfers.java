package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Settled;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveOrder;
import io.p2phost.ro.inter.Whisper;
import io.p2phost.ro.inter.WhisperDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What passes from one player to another on a map-server: what the one gains is not taken before what the other lost, so
 * that a server that dies between their saves doubles nothing.
 *
 * <p>A relay says that a player is about to give something away before his wish reaches the map-server, and when he has.
 * From the one to the other nothing that this server sends is looked at; it waits in its order. Then the server is made to
 * save the giver and to answer a whisper to nobody: with that answer all that waits is taken at once, as one. If the
 * server's link ends first, none of it is, and everybody there is as before.
 */
final class Transfers {
    /** How long other players' wishes may join; later ones wait for the next turn, so that each turn ends. */
    static final Duration JOINING = Duration.ofMillis(500);

    /** A wish of whose end nobody tells is over then. */
    static final Duration OUTCOME = Duration.ofSeconds(2);

    /** For the map-server to save and answer. */
    static final Duration ANSWER = Duration.ofSeconds(3);

    /** Bytes that wait of one map-server: all that a hundred players are saved with, twice. */
    static final int MOST_BYTES = 16 << 20;

    /** Wishes that wait for a map-server's next turn. */
    static final int MOST_WISHES = 256;

    /** Numbers of char-servers' own whispers count from 0. */
    private static final int OURS = 0x8000_0000;

    private final World world;
    private final BiConsumer<MapServer, Packet> taker;
    private final Map<MapServer, Turn> turns = new LinkedHashMap<>();
    private int questions;

    private record Wish(int account, long number, Consumer<Boolean> told) {}

    /** Wishes of a player whose end is not known: a word of the end of one may come behind that of the next one's begin. */
    private record Open(int count, Instant since) {}

    /** From the first wish to the map-server's answer. */
    private static final class Turn {
        private final Instant since;
        private final Map<Integer, Open> open = new LinkedHashMap<>();

        private final Set<Integer> givers = new LinkedHashSet<>();
        private final Deque<Packet> held = new ArrayDeque<>();
        private final Deque<Wish> next = new ArrayDeque<>();
        private int bytes;
        /** The whisper to nobody; 0: not asked yet. */
        private int question;

        private Instant asked = Instant.MIN;
        /** The server has come back; whom it still has is not known. */
        private boolean isRejoined;
        /** Who has something back that a save may lack: how many packets waited when it was sent back. */
        private final Map<Integer, Integer> refunded = new LinkedHashMap<>();

        private boolean isProlonged;

        Turn(Instant since) {
            this.since = since;
        }
    }

    /** @param taker what is done with a packet when it is looked at */
    Transfers(World world, BiConsumer<MapServer, Packet> taker) {
        this.world = world;
        this.taker = taker;
    }

    /** Packets that wait. */
    int held() {
        return turns.values().stream().mapToInt(turn -> turn.held.size()).sum();
    }

    // ---- the relay's word ----

    /** That player is about to give something away; {@code told} says whether his wish may go on to his map-server. */
    void begin(int account, long number, Consumer<Boolean> told) {
        MapServer server = serverOf(account, number);
        if (server == null) {
            told.accept(false);
            return;
        }
        Turn turn = turns.computeIfAbsent(server, any -> new Turn(world.now()));
        if (world.now().isBefore(turn.since.plus(JOINING))) {
            join(turn, account);
            told.accept(true);
        } else if (turn.next.size() < MOST_WISHES) {
            turn.next.add(new Wish(account, number, told));
        } else {
            told.accept(false);
        }
    }

    private @Nullable MapServer serverOf(int account, long number) {
        return world.sessions
                .account(account)
                .filter(session -> session.isLoaded() && session.relayKnows == number)
                .flatMap(world::serverOf)
                .orElse(null);
    }

    private void join(Turn turn, int account) {
        Open before = turn.open.get(account);
        turn.open.put(account, new Open(before == null ? 1 : before.count + 1, world.now()));
        turn.givers.add(account);
        turn.question = 0;
    }

    /** He has given it away, or it came to nothing. */
    void end(int account) {
        List.copyOf(turns.entrySet()).forEach(each -> {
            Open left = each.getValue()
                    .open
                    .computeIfPresent(
                            account, (any, open) -> open.count > 1 ? new Open(open.count - 1, open.since) : null);
            if (left == null && each.getValue().givers.contains(account)) {
                askIfOver(each.getKey(), each.getValue());
            }
        });
    }

    /** He has what another lost. */
    void took(int account, long number) {
        begin(account, number, may -> {
            if (may) {
                end(account);
            }
        });
    }

    /**
     * He was just sent back what his map-server took from him for something that is refused. A save between has neither the
     * one nor the other, so it counts with a later one only.
     */
    void gaveBack(MapServer server, int account) {
        Turn turn = turns.computeIfAbsent(server, any -> new Turn(world.now()));
        turn.refunded.putIfAbsent(account, turn.held.size());
        if (turn.question == 0 || world.now().isBefore(turn.since.plus(JOINING))) {
            turn.question = 0;
            askIfOver(server, turn);
        }
    }

    /** Once in a turn, so that it ends. */
    private boolean isProlonged(MapServer server, Turn turn) {
        List<Integer> lacking = turn.refunded.entrySet().stream()
                .filter(each -> turn.held.stream()
                        .skip(each.getValue())
                        .anyMatch(packet -> packet.id() == MapToChar.SAVE_CHARACTER
                                && new SaveCharacter(packet).accountId() == each.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (turn.isProlonged || lacking.isEmpty()) {
            return false;
        }
        turn.isProlonged = true;
        turn.givers.addAll(lacking);
        askIfOver(server, turn);
        return true;
    }

    private void askIfOver(MapServer server, Turn turn) {
        if (!turn.open.isEmpty()) {
            return;
        }
        givers(server, turn)
                .forEach(giver -> server.send(
                        SaveOrder.of(giver.character, world.settings.layout()).packet()));
        turn.question = ++questions | OURS;
        turn.asked = world.now();
        // A name that nobody has: the answer comes behind all that was saved.
        server.send(WhisperDelivery.of(turn.question, Whisper.of("", "", "")).packet());
    }

    /** Those who gave something away and are still there. */
    private List<PlayerSession> givers(MapServer server, Turn turn) {
        return world.sessions.where(session ->
                turn.givers.contains(session.account) && session.isLoaded() && session.server.equals(server.key()));
    }

    private static boolean isSaveOf(PlayerSession session, Packet packet) {
        return packet.id() == MapToChar.SAVE_CHARACTER && new SaveCharacter(packet).accountId() == session.account;
    }

    // ---- the map-server ----

    /** Whether its packet is not to be looked at now. */
    boolean holds(MapServer server, Packet packet) {
        Turn turn = turns.get(server);
        if (packet.id() == MapToChar.WHISPER_ANSWER && WhisperDelivery.answered(packet) < 0) {
            if (turn != null && turn.question == WhisperDelivery.answered(packet) && !isProlonged(server, turn)) {
                settle(server, turn);
            }
            return true;
        }
        if (turn == null) {
            return false;
        }
        turn.held.add(packet.copy());
        turn.bytes += packet.length();
        if (turn.bytes > MOST_BYTES) {
            server.close("sends more than " + MOST_BYTES + " bytes while a transfer is settled");
        }
        return true;
    }

    /**
     * It is back, and has players: what they gave each other before is not known any more, so all of them are saved at once.
     */
    void joined(MapServer server) {
        List<PlayerSession> there = server.isOnHost()
                ? world.sessions.where(session -> session.isLoaded() && session.server.equals(server.key()))
                : List.of();
        if (!there.isEmpty()) {
            Turn turn = turns.computeIfAbsent(server, any -> new Turn(world.now()));
            turn.isRejoined = true;
            there.forEach(session -> turn.givers.add(session.account));
            askIfOver(server, turn);
        }
    }

    private void settle(MapServer server, Turn turn) {
        turns.remove(server);
        if (!turn.isRejoined) {
            givers(server, turn).forEach(giver -> checkSaved(server, turn, giver));
        }
        take(server, turn);
        world.outside.settled(Settled.TAKEN, Duration.between(turn.since, world.now()));
        turn.next.forEach(wish -> begin(wish.account, wish.number, wish.told));
    }

    private void checkSaved(MapServer server, Turn turn, PlayerSession giver) {
        if (turn.held.stream().noneMatch(packet -> isSaveOf(giver, packet))) {
            world.violated(
                    server,
                    CharToMap.AUCTION_REGISTERED,
                    giver.account,
                    Violation.Kind.NOT_TAKEN,
                    "does not save whom it is told to (expected: save_settings with 32, auctions)");
        }
    }

    private void take(MapServer server, Turn turn) {
        world.outside.together(() -> {
            for (Packet packet : turn.held) {
                if (world.isCurrent(server)) {
                    taker.accept(server, packet);
                }
            }
        });
    }

    /** Its connection ends. */
    void closed(MapServer server) {
        Turn turn = turns.remove(server);
        if (turn == null) {
            return;
        }
        boolean taken = world.isCurrent(server) && hasAll(server, turn);
        if (taken) {
            take(server, turn);
        }
        world.outside.settled(taken ? Settled.TAKEN : Settled.LOST, Duration.between(turn.since, world.now()));
        turn.next.forEach(wish -> wish.told.accept(false));
    }

    /** Whether everybody who was there is saved for good in what waits: who ends in good order saves all. */
    private boolean hasAll(MapServer server, Turn turn) {
        List<PlayerSession> there = world.sessions.where(session -> session.server.equals(server.key())
                && (session.state == SessionState.PLAYING || session.state == SessionState.QUITTING));
        return there.stream()
                .allMatch(session -> turn.held.stream()
                        .anyMatch(packet -> isSaveOf(session, packet) && new SaveCharacter(packet).quit()));
    }

    // ---- time ----

    void tick() {
        Instant now = world.now();
        for (Map.Entry<MapServer, Turn> each : new ArrayList<>(turns.entrySet())) {
            MapServer server = each.getKey();
            Turn turn = each.getValue();
            if (turn.open.values().removeIf(open -> !now.isBefore(open.since.plus(OUTCOME)))) {
                askIfOver(server, turn);
            }
            if (!server.isFlowing()) {
                turn.asked = now;
            }
            if (turn.question != 0 && !now.isBefore(turn.asked.plus(ANSWER))) {
                server.close("does not answer while a transfer is settled");
            }
        }
    }
}
