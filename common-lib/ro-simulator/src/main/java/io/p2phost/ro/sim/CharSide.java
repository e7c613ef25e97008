package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.inter.InterLengths;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map-server's link to its char-server, and everything it waits for there. */
final class CharSide {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration AFTER_LOSS = Duration.ofSeconds(1);
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration CLEANUP = Duration.ofSeconds(30);
    private static final Duration NODE_LIFE = Duration.ofSeconds(60);
    private static final Point DEFAULT_POINT = new Point("prontera", 156, 191);

    private final SimMapServer server;
    private final MapServerSettings settings;
    private final SimWorld world;
    private final Timers timers;
    private final InstantSource clock;
    private final Dialer dialer;
    private final Map<Integer, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Endpoint> remote = new HashMap<>();
    private @Nullable CharLink link;
    private State state = State.AWAY;
    private int otherServers;
    private boolean initialised;

    private enum State {
        AWAY,
        CONNECTING,
        /** Logged in, our maps not taken yet. */
        CONNECTED,
        READY
    }

    private enum Waiting {
        LOGIN,
        LOGOUT,
        MAP_CHANGE
    }

    /** Somebody the char-server has to say something about. */
    private static final class Node {
        private final Player player;
        private final Waiting waiting;
        private Instant since;

        Node(Player player, Waiting waiting, Instant since) {
            this.player = player;
            this.waiting = waiting;
            this.since = since;
        }
    }

    CharSide(
            SimMapServer server,
            MapServerSettings settings,
            SimWorld world,
            Timers timers,
            InstantSource clock,
            Dialer dialer) {
        this.server = server;
        this.settings = settings;
        this.world = world;
        this.timers = timers;
        this.clock = clock;
        this.dialer = dialer;
    }

    void start() {
        timers.every(FIRST, RETRY, this::connect);
        timers.every(
                FIRST,
                RETRY,
                () -> toReady(InterPackets.userCount(server.players().size())));
        timers.every(FIRST, CLEANUP, this::cleanUp);
        connect();
    }

    boolean ready() {
        return state == State.READY;
    }

    int otherServers() {
        return otherServers;
    }

    @Nullable
    Endpoint remote(String map) {
        return remote.get(map);
    }

    int waiting() {
        return nodes.size();
    }

    /** Orderly: nobody plays here any more. */
    void end() {
        toReady(InterPackets.bare(InterPackets.ALL_OFFLINE));
    }

    void close() {
        CharLink open = link;
        link = null;
        state = State.AWAY;
        if (open != null) {
            open.close();
        }
    }

    private void connect() {
        if (link == null) {
            link = new CharLink();
            state = State.CONNECTING;
            dialer.dial(settings.charServer(), link);
        }
    }

    private final class CharLink implements Link {
        private @Nullable Wire wire;
        private Instant lastPacket = clock.instant();
        private boolean pinged;

        @Override
        public void opened(Wire wire) {
            this.wire = wire;
            if (link != this) {
                close();
                return;
            }
            lastPacket = clock.instant();
            wire.send(InterPackets.login(settings.user(), settings.password(), settings.announced()));
            watch();
        }

        /** Silence is answered by a question, longer silence by the end. */
        private void watch() {
            if (link != this || wire == null) {
                return;
            }
            Instant now = clock.instant();
            Duration idle = Duration.between(lastPacket, now);
            if (idle.compareTo(STALL.multipliedBy(2)) >= 0) {
                close();
                lost(this, true);
                return;
            }
            if (idle.compareTo(STALL) >= 0 && !pinged) {
                pinged = true;
                send(InterPackets.bare(InterPackets.KEEP_ALIVE));
            }
            Duration next = STALL.multipliedBy(pinged ? 2 : 1).minus(idle);
            timers.in(next, this::watch);
        }

        @Override
        public void packet(Packet packet) {
            if (link == this) {
                lastPacket = clock.instant();
                pinged = false;
                handle(packet);
            }
        }

        @Override
        public void closed() {
            boolean wasOpen = wire != null;
            wire = null;
            lost(this, wasOpen);
        }

        void send(Packet packet) {
            if (wire != null) {
                wire.send(packet);
            }
        }

        void close() {
            if (wire != null) {
                wire.close();
                wire = null;
            }
        }
    }

    /** @param wasOpen otherwise nobody took our connection, and only the next round tries again */
    private void lost(CharLink which, boolean wasOpen) {
        if (link != which) {
            return;
        }
        link = null;
        state = State.AWAY;
        if (wasOpen) {
            otherServers = 0;
            remote.clear();
            timers.in(AFTER_LOSS, this::connect);
        }
    }

    /** Nothing while there is no link. */
    void to(Packet packet) {
        if (link != null) {
            link.send(packet);
        }
    }

    private void toReady(Packet packet) {
        if (ready()) {
            to(packet);
        }
    }

    private void handle(Packet packet) {
        switch (packet.id()) {
            case InterPackets.LOGIN_ACK -> loginAck(packet.u8(2));
            case InterPackets.MAPS_ACK -> mapsAck(packet.u8(4));
            case InterPackets.AUTH_OK -> authOk(packet);
            case InterPackets.AUTH_FAILED -> authFailed(packet);
            case InterPackets.TOTAL_USERS -> to(InterPackets.bare(InterPackets.KEEP_ALIVE));
            case InterPackets.CHAR_SELECT_ACK -> {
                Player player = server.playing(packet.i32(2));
                if (player != null) {
                    player.send(ClientPackets.restartAck());
                }
            }
            case InterPackets.OTHER_MAPS -> otherMaps(packet);
            case InterPackets.MAPS_GONE -> mapsGone(packet);
            case InterPackets.CHANGE_SERVER_ACK -> changeServerAck(packet);
            case InterPackets.STATUS_CHANGES -> statusChanges(packet);
            case InterPackets.KICK -> kick(packet.i32(2), packet.u8(6));
            case InterPackets.SAVE_ACK -> delete(packet.i32(2), packet.i32(6), Waiting.LOGOUT);
            case InterPackets.VARIABLES -> variables(packet);
            case InterPackets.ITEMS -> items(packet);
            case InterPackets.ITEMS_SAVED -> {
                Player player = server.playing(packet.i32(2));
                if (player != null && packet.u8(6) != 0 && packet.u8(7) == Storage.STORAGE) {
                    // Whatever was changed since it was sent.
                    player.storageDirty = false;
                }
            }
            case InterPackets.MAIL_SENT -> {
                Player player = byCharacter(packet.i32(8));
                if (player != null && packet.length() == 4 + InterPackets.MAIL_MESSAGE) {
                    server.actions().mailSent(player, packet);
                }
            }
            case InterPackets.AUCTION_TAKEN -> {
                Player player = byCharacter(packet.i32(8));
                if (player != null && packet.i32(4) > 0) {
                    player.send(ClientPackets.auctionTaken());
                    player.status.lastPoint(player.point());
                    sendSave(player, false, false);
                }
            }
            case InterPackets.ACHIEVEMENTS -> {
                Player player = byCharacter(packet.i32(4));
                if (player != null) {
                    player.achievements = packet.slice(8, packet.length() - 8);
                }
            }
            default -> {
                // What is known changes nothing a simulated player could see; what is not ends the link.
                boolean known = server.talk().handle(packet)
                        || InterLengths.CHAR_TO_MAP.of(packet.id()) != PacketLengths.UNKNOWN;
                if (!known && link != null) {
                    CharLink broken = link;
                    broken.close();
                    lost(broken, true);
                }
            }
        }
    }

    // Start.

    private void loginAck(int result) {
        if (result != 0) {
            server.die();
            return;
        }
        state = State.CONNECTED;
        to(InterPackets.maps(settings.maps()));
        if (!initialised) {
            initialised = true;
            to(InterPackets.castlesRequest());
            to(InterPackets.bare(InterPackets.CLANS_REQUEST));
        }
    }

    private void mapsAck(int result) {
        if (result != 0) {
            server.die();
            return;
        }
        state = State.READY;
        List<int[]> users = new ArrayList<>();
        server.players().forEach(player -> users.add(new int[] {player.accountId, player.charId}));
        to(InterPackets.users(users));
        for (Node node : List.copyOf(nodes.values())) {
            Player player = node.player;
            switch (node.waiting) {
                case LOGIN -> {
                    refuseLogin(player);
                    nodes.remove(player.accountId, node);
                }
                case LOGOUT -> sendSave(player, true);
                case MAP_CHANGE -> {
                    Endpoint at = remote.get(player.map);
                    if (at == null) {
                        authFail(player, 3);
                    } else {
                        sendChange(player, at);
                    }
                }
            }
        }
    }

    private void otherMaps(Packet packet) {
        Endpoint at = new Endpoint(packet.i32be(4), packet.u16be(8));
        for (String map : InterPackets.names(packet, 10)) {
            if (server.field(map) != null || world.map(map) == null) {
                continue;
            }
            if (at.equals(settings.announced())) {
                server.die();
                return;
            }
            remote.put(map, at);
        }
        otherServers++;
    }

    /** Reads the address without turning it, as the real one does, so that it fits only by turned bytes. */
    private void mapsGone(Packet packet) {
        Endpoint at = new Endpoint(packet.i32(4), packet.u16(8));
        for (String map : InterPackets.names(packet, 10)) {
            remote.remove(map, at);
        }
        otherServers--;
    }

    // Somebody enters.

    /** Whether an entry of this account waits for something else than this login. */
    boolean blocks(int accountId, int charId) {
        Node node = nodes.get(accountId);
        return node != null && !(node.player.charId == charId && node.waiting == Waiting.LOGIN);
    }

    boolean authenticate(Player player) {
        if (nodes.containsKey(player.accountId) || !ready()) {
            return false;
        }
        to(InterPackets.auth(player.accountId, player.charId, player.loginId1, player.sex, player.address, false));
        nodes.put(player.accountId, new Node(player, Waiting.LOGIN, clock.instant()));
        return true;
    }

    private @Nullable Node node(int accountId, int charId, Waiting waiting) {
        Node node = nodes.get(accountId);
        return node != null && node.player.charId == charId && node.waiting == waiting ? node : null;
    }

    private boolean delete(int accountId, int charId, Waiting waiting) {
        Node node = node(accountId, charId, waiting);
        if (node == null) {
            return false;
        }
        nodes.remove(accountId);
        if (node.player.client != null) {
            node.player.client.forget();
        }
        return true;
    }

    private void authOk(Packet packet) {
        if (packet.length() - InterPackets.AUTH_OK_STATUS != Status.LENGTH) {
            return;
        }
        int accountId = packet.i32(4);
        Node node = nodes.get(accountId);
        if (server.playing(accountId) != null || node == null || node.waiting != Waiting.LOGIN) {
            return;
        }
        Player player = node.player;
        Status status = Status.of(packet.slice(InterPackets.AUTH_OK_STATUS, Status.LENGTH));
        boolean known = player.charId == status.charId() && player.loginId1 == packet.i32(8);
        if (known) {
            player.status = status;
            player.loginId2 = packet.i32(12);
            player.groupId = packet.i32(20);
        }
        if (known && server.actions().place(player, status.lastPoint(), DEFAULT_POINT)) {
            server.actions().welcome(player, packet.u8(24) != 0);
            to(InterPackets.variablesRequest(accountId, player.charId));
            return;
        }
        refuseLogin(player);
        nodes.remove(accountId, node);
    }

    private void refuseLogin(Player player) {
        player.send(ClientPackets.ban(0));
        endClient(player);
        toReady(InterPackets.ofCharacterAndAccount(InterPackets.OFFLINE, player.charId, player.accountId));
    }

    private void authFailed(Packet packet) {
        Node node = node(packet.i32(2), packet.i32(6), Waiting.LOGIN);
        if (node != null && node.player.loginId1 == packet.i32(10) && node.player.sex == packet.u8(14)) {
            nodes.remove(node.player.accountId);
            authFail(node.player, 0);
        }
    }

    /** Its client is told and cut; nothing is saved. */
    private void authFail(Player player, int reason) {
        player.send(ClientPackets.ban(reason));
        endClient(player);
    }

    private static void endClient(Player player) {
        Player.Client client = player.client;
        player.client = null;
        if (client != null) {
            client.forget();
            client.close();
        }
    }

    private @Nullable Player entering(int accountId, int charId) {
        Node node = node(accountId, charId, Waiting.LOGIN);
        Player player = node != null ? node.player : server.playing(accountId);
        return player != null && player.charId == charId ? player : null;
    }

    private void variables(Packet packet) {
        Player player = entering(packet.i32(4), packet.i32(8));
        if (player == null) {
            return;
        }
        boolean had = player.received == Player.HAS_ALL_VARIABLES;
        player.received |= switch (packet.u8(12)) {
            case 3 -> Player.HAS_CHARACTER_VARIABLES;
            case 2 -> Player.HAS_ACCOUNT_VARIABLES;
            case 1 -> Player.HAS_GLOBAL_VARIABLES;
            default -> 0;
        };
        if (packet.u8(13) == 0) {
            int at = 16;
            for (int i = 0; i < packet.u16(14); i++) {
                int key = packet.u8(at);
                player.variables.put(packet.text(at + 1, key), packet.i64(at + key + 5));
                at += key + 13;
            }
        }
        if (!had && player.received == Player.HAS_ALL_VARIABLES) {
            load(player);
        }
    }

    /** It is one of ours now; everything else is asked for. */
    private void load(Player player) {
        player.active = true;
        int accountId = player.accountId;
        int charId = player.charId;
        to(InterPackets.itemsRequest(Storage.STORAGE, accountId, charId));
        to(InterPackets.itemsRequest(Storage.CART, accountId, charId));
        to(InterPackets.itemsRequest(Storage.INVENTORY, accountId, charId));
        server.talk().entered(player);
        server.nowPlaying(player);
        nodes.remove(accountId);
        toReady(InterPackets.ofPlayer(InterPackets.COOLDOWNS_REQUEST, accountId, charId));
        toReady(InterPackets.ofCharacter(InterPackets.BONUS_REQUEST, charId));
        to(InterPackets.mailRequest(charId));
        to(InterPackets.ofCharacter(InterPackets.QUESTS_REQUEST, charId));
        to(InterPackets.ofCharacter(InterPackets.ACHIEVEMENTS_REQUEST, charId));
    }

    private void items(Packet packet) {
        Player player = server.playing(packet.i32(5));
        if (player == null || packet.u8(9) == 0) {
            return;
        }
        Storage storage = Storage.of(packet.slice(InterPackets.ITEMS_AT, Storage.LENGTH));
        switch (packet.u8(4)) {
            case Storage.INVENTORY -> {
                player.inventory = storage;
                toReady(InterPackets.ofPlayer(InterPackets.STATUS_CHANGES_REQUEST, player.accountId, player.charId));
            }
            case Storage.CART -> player.cart = storage;
            case Storage.STORAGE -> player.storage = storage;
            default -> {
                // Guild storages are not played.
            }
        }
    }

    private void statusChanges(Packet packet) {
        Player player = server.playing(packet.i32(4));
        if (player == null || player.charId != packet.i32(8)) {
            return;
        }
        for (SimDatabase.StatusChange change : InterPackets.statusChanges(packet)) {
            server.actions().effect(player, change.type(), Duration.ofMillis(change.tick()));
        }
        player.loaded = true;
        if (player.clientReady) {
            server.actions().spawn(player);
        }
    }

    // Somebody leaves.

    /** Autosave. */
    void save(Player player) {
        player.status.lastPoint(player.point());
        sendSave(player, false);
    }

    void saveQuitting(Player player) {
        player.status.lastPoint(player.point());
        saveLeaving(player, Waiting.LOGOUT);
        sendSave(player, true);
    }

    private void saveLeaving(Player player, Waiting waiting) {
        if (ready()) {
            to(InterPackets.statusChanges(
                    InterPackets.STATUS_CHANGES_SAVE,
                    player.accountId,
                    player.charId,
                    server.actions().effects(player)));
        }
        player.active = false;
        if (waiting == Waiting.LOGOUT) {
            if (player.client != null) {
                player.client.forget();
            }
            player.client = null;
        }
        nodes.putIfAbsent(player.accountId, new Node(player, waiting, clock.instant()));
    }

    /** What a save consists of, in its order; nothing at all while the char-server is away. */
    private void sendSave(Player player, boolean quit) {
        sendSave(player, quit, true);
    }

    private void sendSave(Player player, boolean quit, boolean withCart) {
        if (!ready()) {
            return;
        }
        int accountId = player.accountId;
        int charId = player.charId;
        to(InterPackets.bonusSave(charId));
        if (player.storageDirty) {
            to(InterPackets.itemsSave(player.storage, Storage.STORAGE, accountId, charId));
        }
        to(InterPackets.itemsSave(player.inventory, player.inventory.type(), accountId, charId));
        if (withCart) {
            to(InterPackets.itemsSave(player.cart, player.cart.type(), accountId, charId));
        }
        if (!player.dirtyVariables.isEmpty()) {
            to(InterPackets.variablesSave(accountId, charId, player.dirtyVariables));
            player.dirtyVariables.clear();
        }
        to(InterPackets.save(player.status, quit));
        if (player.achievementsDirty) {
            player.achievementsDirty = false;
            to(InterPackets.log(InterPackets.ACHIEVEMENTS_SAVE, charId, player.achievements));
        }
    }

    /** False: it is away, and has heard nothing of it. */
    boolean sendMail(Player player, String to, String title, int zeny, List<Item> items) {
        if (ready()) {
            to(InterPackets.sendMail(player.accountId, player.status, to, title, zeny, items));
        }
        return ready();
    }

    /** One that is not active yet just vanishes; who waits for anything but his final save is given up. */
    void forget(Player player) {
        Node node = nodes.get(player.accountId);
        if (node != null && node.player == player && node.waiting != Waiting.LOGOUT) {
            nodes.remove(player.accountId);
        }
        player.client = null;
    }

    private void cleanUp() {
        if (!ready()) {
            return;
        }
        Instant now = clock.instant();
        for (Node node : List.copyOf(nodes.values())) {
            if (!now.isAfter(node.since.plus(NODE_LIFE))) {
                continue;
            }
            Player player = node.player;
            if (node.waiting == Waiting.LOGOUT) {
                node.since = now;
                sendSave(player, true);
            } else {
                to(InterPackets.ofCharacterAndAccount(InterPackets.OFFLINE, player.charId, player.accountId));
                delete(player.accountId, player.charId, node.waiting);
            }
        }
    }

    /** False: nobody has that map, so that the player stays where he is. */
    boolean changeServer(Player player, Point to) {
        Endpoint at = remote.get(to.map());
        if (at == null) {
            return false;
        }
        server.actions().vanish(player);
        player.map = to.map();
        player.x = to.x();
        player.y = to.y();
        player.status.lastPoint(to);
        saveLeaving(player, Waiting.MAP_CHANGE);
        sendSave(player, false);
        if (otherServers < 1) {
            authFail(player, 0);
        } else if (ready()) {
            sendChange(player, at);
        }
        server.free(player);
        return true;
    }

    private void sendChange(Player player, Endpoint at) {
        to(InterPackets.changeServer(
                player.status, player.loginId1, player.loginId2, player.point(), at, player.address, player.groupId));
    }

    private void changeServerAck(Packet packet) {
        Node node = node(packet.i32(2), packet.i32(14), Waiting.MAP_CHANGE);
        if (node == null) {
            return;
        }
        Player player = node.player;
        nodes.remove(player.accountId);
        if (packet.i32(6) == 0) {
            authFail(player, 0);
            toReady(InterPackets.ofCharacterAndAccount(InterPackets.OFFLINE, player.charId, player.accountId));
            return;
        }
        Point point = new Point(packet.text(18, Names.MAP_LENGTH), packet.u16(34), packet.u16(36));
        player.send(ClientPackets.serverMove(point, new Endpoint(packet.i32be(38), packet.u16be(42))));
        if (player.client != null) {
            player.client.forget();
        }
    }

    private void kick(int accountId, int reason) {
        Player player = server.playing(accountId);
        if (player == null) {
            Node node = nodes.get(accountId);
            if (node != null) {
                delete(accountId, node.player.charId, Waiting.LOGIN);
            }
            return;
        }
        if (player.client == null) {
            return;
        }
        switch (reason) {
            case 1 -> server.refuse(player, 1);
            case 2 -> server.refuse(player, 2);
            case 3 -> server.refuse(player, 4);
            case 4 -> server.refuse(player, 10);
            case 5 -> server.refuse(player, 15);
            default -> {
                // Nothing, as in the real one.
            }
        }
    }

    /** Back to the character screen. */
    void charSelect(Player player) {
        toReady(InterPackets.charSelect(player.accountId, player.loginId1, player.loginId2, player.address));
    }

    private @Nullable Player byCharacter(int charId) {
        for (Player player : server.players()) {
            if (player.charId == charId) {
                return player;
            }
        }
        return null;
    }
}
