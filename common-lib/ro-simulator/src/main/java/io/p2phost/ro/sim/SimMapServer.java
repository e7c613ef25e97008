package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A stock map-server: logs in to a char-server, takes players, runs a small world and saves as the real one does, in the
 * same order and at the same moments. Dies where the real one exits.
 */
public final class SimMapServer implements Listener, Machine {
    private static final Duration CLIENT_STALL = Duration.ofSeconds(60);
    private static final Duration DELAYED_QUIT = Duration.ofSeconds(10);
    private static final Duration LEAST_AUTOSAVE = Duration.ofMillis(100);

    private final MapServerSettings settings;
    private final SimWorld world;
    private final InstantSource clock;
    private final Timers timers;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<Integer, Player> players = new LinkedHashMap<>();
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Ledger ledger = new Ledger();
    private final CharSide charSide;
    private final MapTalk talk;
    private final PlayerActions actions;
    private int lastSaved;
    private boolean savedSomebody;
    private boolean dead;

    public SimMapServer(MapServerSettings settings, SimWorld world, InstantSource clock, Dialer dialer) {
        this.settings = settings;
        this.world = world;
        this.clock = clock;
        timers = new Timers(clock);
        SplittableRandom random = new SplittableRandom(settings.seed());
        Field.Ids ids = new Field.Ids();
        for (String name : settings.maps()) {
            SimWorld.MapPlan plan = world.map(name);
            if (plan == null) {
                throw new IllegalArgumentException("map: " + name + " (expected: one of the world)");
            }
            fields.put(name, new Field(plan, ids, ledger, clock, timers, random.split()));
        }
        charSide = new CharSide(this, settings, world, timers, clock, dialer);
        talk = new MapTalk(this, charSide);
        actions = new PlayerActions(this, charSide, talk, settings, timers, clock);
        timers.in(settings.autosave(), this::autosave);
        charSide.start();
    }

    // Driving it.

    @Override
    public Link accept(int address) {
        return new Connection(address);
    }

    @Override
    public void tick() {
        timers.run();
    }

    @Override
    public @Nullable Instant nextDeadline() {
        return dead ? null : timers.next();
    }

    /** Ends orderly: everybody is saved and sent away. */
    public void shutDown() {
        for (Connection connection : List.copyOf(connections)) {
            connection.end();
        }
        for (Player player : List.copyOf(players.values())) {
            quit(player);
        }
        charSide.end();
        die();
    }

    /** The process is gone at once; whoever drives it cuts its connections. */
    public void die() {
        dead = true;
        timers.clear();
        for (Connection connection : List.copyOf(connections)) {
            connection.close();
        }
        charSide.close();
    }

    // What tests ask.

    /** Whether it ended itself, as the real one does by exiting. */
    public boolean dead() {
        return dead;
    }

    /** Whether it is logged in and its maps are taken. */
    public boolean ready() {
        return charSide.ready();
    }

    /** Names of those on its maps. */
    public List<String> playerNames() {
        return players.values().stream().map(Player::name).toList();
    }

    public boolean plays(int accountId) {
        return players.containsKey(accountId);
    }

    /** Where it believes this map to be; null when nowhere. */
    public @Nullable Endpoint remote(String map) {
        return charSide.remote(map);
    }

    /** How many other map-servers it counts: below one it lets nobody leave. */
    public int otherServers() {
        return charSide.otherServers();
    }

    /** How many final saves, moves and logins wait for the char-server. */
    public int waiting() {
        return charSide.waiting();
    }

    /** A copy of the record of somebody playing here. */
    public Status status(int accountId) {
        return player(accountId).status.copy();
    }

    public List<Item> inventory(int accountId) {
        return player(accountId).inventory.items();
    }

    /** A player's own variable; 0 when it has none. */
    public long variable(int accountId, String name) {
        return player(accountId).variables.getOrDefault(name, 0L);
    }

    /** Status changes somebody has, each with the milliseconds left. */
    public Map<Integer, Long> effects(int accountId) {
        Map<Integer, Long> left = new LinkedHashMap<>();
        Instant now = clock.instant();
        player(accountId)
                .effects
                .values()
                .forEach(effect -> left.put(
                        effect.type(), Duration.between(now, effect.ends()).toMillis()));
        return left;
    }

    /** How many of this item this server made, less those that lapsed or were used up here. */
    public long balance(int nameId) {
        return ledger.balance(nameId);
    }

    /** How many of this item this server made. */
    public long made(int nameId) {
        return ledger.made(nameId);
    }

    /** How many of this item players here carry and the floor holds. */
    public long total(int nameId) {
        long total = 0;
        for (Player player : players.values()) {
            for (Item item : player.inventory.items()) {
                total += item.nameId() == nameId ? item.amount() : 0;
            }
        }
        for (Field field : fields.values()) {
            total += field.lying(nameId);
        }
        return total;
    }

    /** Saves this player as the autosave would now. */
    public void saveNow(int accountId) {
        charSide.save(player(accountId));
    }

    // What its owner makes it do who cheats.

    /** A level that somebody playing here did not gain, and saves it. */
    public void giveLevel(int accountId, int level) {
        Player player = player(accountId);
        actions.level(player, level);
        charSide.save(player);
    }

    /** Wants somebody's account who plays elsewhere or nowhere: to have him here, and his record to be another. */
    public void takeOver(int accountId, int charId, Point at) {
        charSide.to(InterPackets.auth(accountId, charId, 0, 0, 0, false));
        charSide.to(InterPackets.save(
                Status.novice(charId, accountId, "Mallory", 0, 0, at).zeny(1_000_000), false));
    }

    /** Account of somebody who plays here. */
    public int accountOf(String name) {
        Player player = named(name);
        if (player == null) {
            throw new IllegalArgumentException("player: " + name + " (expected: one that plays here)");
        }
        return player.accountId;
    }

    private Player player(int accountId) {
        Player player = players.get(accountId);
        if (player == null) {
            throw new IllegalArgumentException("account: " + accountId + " (expected: one that plays here)");
        }
        return player;
    }

    // Between its parts.

    @Nullable
    Player playing(int accountId) {
        return players.get(accountId);
    }

    @Nullable
    Player named(String name) {
        for (Player player : players.values()) {
            if (player.name().equals(name)) {
                return player;
            }
        }
        return null;
    }

    List<Player> players() {
        return List.copyOf(players.values());
    }

    @Nullable
    Field field(String map) {
        return fields.get(map);
    }

    void nowPlaying(Player player) {
        players.put(player.accountId, player);
    }

    int tickCount() {
        return (int) clock.instant().toEpochMilli();
    }

    /** Its client gets a reason and is cut; who played is saved. */
    void refuse(Player player, int reason) {
        player.send(ClientPackets.ban(reason));
        Player.Client client = player.client;
        if (client != null) {
            client.close();
            left(player);
        }
    }

    /** Its connection ended. */
    void left(Player player) {
        Instant hit = player.lastHit;
        boolean held = player.active && hit != null && clock.instant().isBefore(hit.plus(settings.preventLogout()));
        if (held) {
            player.client = null;
            timers.in(DELAYED_QUIT, () -> {
                if (players.get(player.accountId) == player && player.client == null) {
                    quit(player);
                }
            });
        } else {
            quit(player);
        }
    }

    /** Somebody leaves for good; who has not got all variables yet leaves without a word. */
    private void quit(Player player) {
        if (player.active) {
            actions.vanish(player);
            charSide.saveQuitting(player);
            free(player);
        } else {
            charSide.forget(player);
        }
    }

    /** Its memory goes; a party hears of it. */
    void free(Player player) {
        players.remove(player.accountId, player);
        actions.stop(player);
        player.effects.values().forEach(effect -> timers.cancel(effect.timer()));
        player.leaving = true;
        talk.partyMoved(player, false);
    }

    /** Everybody in turn, one each time; the more there are, the sooner the next. */
    private void autosave() {
        boolean skip = savedSomebody;
        savedSomebody = false;
        for (Player player : players()) {
            if (!player.loaded) {
                continue;
            }
            if (skip) {
                skip = player.accountId != lastSaved;
                continue;
            }
            lastSaved = player.accountId;
            savedSomebody = true;
            charSide.save(player);
            break;
        }
        Duration interval = settings.autosave().dividedBy(players.size() + 1L);
        timers.in(interval.compareTo(LEAST_AUTOSAVE) < 0 ? LEAST_AUTOSAVE : interval, this::autosave);
    }

    Ledger ledger() {
        return ledger;
    }

    MapTalk talk() {
        return talk;
    }

    PlayerActions actions() {
        return actions;
    }

    /** A client's connection. */
    private final class Connection implements Link, Player.Client {
        private final int address;
        private @Nullable Wire wire;
        private @Nullable Player player;
        private Instant lastPacket = clock.instant();

        Connection(int address) {
            this.address = address;
        }

        @Override
        public void opened(Wire wire) {
            this.wire = wire;
            if (dead) {
                close();
                return;
            }
            connections.add(this);
            watch();
        }

        private void watch() {
            if (wire == null) {
                return;
            }
            Instant stalled = lastPacket.plus(CLIENT_STALL);
            if (clock.instant().isBefore(stalled)) {
                timers.in(Duration.between(clock.instant(), stalled), this::watch);
            } else {
                end();
            }
        }

        @Override
        public void packet(Packet packet) {
            if (wire == null || dead) {
                return;
            }
            lastPacket = clock.instant();
            if (packet.id() == ClientPackets.CZ_ENTER) {
                enter(packet);
            } else if (player == null || !actions.handle(player, packet)) {
                end();
            }
        }

        private void enter(Packet packet) {
            if (player != null) {
                return;
            }
            int accountId = packet.i32(2);
            int charId = packet.i32(6);
            if (players.containsKey(accountId) || charSide.blocks(accountId, charId)) {
                send(ClientPackets.ban(8));
                close();
                return;
            }
            send(ClientPackets.entering(accountId));
            Player entering = new Player(accountId, charId, packet.i32(10), packet.u8(18), address, this);
            player = entering;
            if (!charSide.authenticate(entering)) {
                player = null;
                close();
            }
        }

        @Override
        public void closed() {
            wire = null;
            gone(player);
        }

        /** We end it. */
        void end() {
            Player was = player;
            close();
            gone(was);
        }

        private void gone(@Nullable Player was) {
            connections.remove(this);
            player = null;
            if (was != null && !dead) {
                left(was);
            }
        }

        @Override
        public void send(Packet packet) {
            if (wire != null) {
                wire.send(packet);
            }
        }

        @Override
        public void close() {
            if (wire != null) {
                wire.close();
                wire = null;
                connections.remove(this);
                player = null;
            }
        }

        @Override
        public void forget() {
            player = null;
        }
    }
}
