package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.inter.InterLengths;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stock char-server: takes map-servers and clients at one port, keeps records in a cache over its database, and
 * enforces exactly what the real one does, its oddities included. What it knows besides the database is lost when it
 * {@link #stop}s or dies; then a new one is made over the same database.
 */
public final class SimCharServer implements Listener, Machine {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration USER_COUNT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(10);

    /** What is passed on as it came, under an id so much higher. */
    private static final int ANSWER = 0x800;

    private static final int BROADCAST = 0x3000;
    private static final int GM_WHISPER = 0x3003;
    private static final int ITEM_BROADCAST = 0x3009;
    private static final int GUILD_CHAT = 0x3037;
    private static final int CLAN_CHAT = 0x30a1;

    private static final int NOWHERE = OnlineAccounts.NOWHERE;

    private final CharServerSettings settings;
    private final SimDatabase database;
    private final Accounts accounts;
    private final Timers timers;
    private final FloodLimit floodLimit;
    private final @Nullable MapServer[] servers;
    private final Map<Integer, Status> cache = new HashMap<>();
    private final Map<Integer, AuthNode> authNodes = new HashMap<>();
    private final OnlineAccounts online;
    private final List<Connection> connections = new ArrayList<>();
    private final Whispers whispers;
    private final CharParties parties;
    private final StoredData data;
    private final LoginSide loginSide = new LoginSide();
    private boolean loggedIn;
    private boolean stopped;
    private int announcedUsers;
    private int unacknowledged;

    /** A map-server in its slot. */
    private static final class MapServer {
        private final Connection connection;
        private Endpoint endpoint;
        private List<String> maps = List.of();
        private int users;

        MapServer(Connection connection, Endpoint endpoint) {
            this.connection = connection;
            this.endpoint = endpoint;
        }
    }

    private record AuthNode(int charId, int loginId1, int loginId2, int sex, int groupId, boolean changingServer) {}

    public SimCharServer(
            CharServerSettings settings, SimDatabase database, SimLoginServer loginServer, InstantSource clock) {
        this.settings = settings;
        this.database = database;
        this.accounts = loginServer.accounts();
        timers = new Timers(clock);
        floodLimit = new FloodLimit(clock);
        servers = new MapServer[settings.mapServers()];
        online = new OnlineAccounts(database, accounts, timers, new Slots());
        whispers = new Whispers(database, clock, this::toAllServers);
        parties = new CharParties(database, this::toAllServers, this::toOtherServers);
        data = new StoredData(database, accounts, this::toAllServers, () -> loggedIn);
        database.allOffline();
        database.everyPartyOffline();
        timers.in(settings.loginDelay(), this::loginServerBack);
        timers.every(FIRST, USER_COUNT_INTERVAL, this::broadcastUserCount);
        timers.every(FIRST, CLEANUP_INTERVAL, online::cleanUp);
    }

    // Driving it.

    @Override
    public Link accept(int address) {
        return new Connection(!stopped
                && (!settings.floodLimit() || settings.allowed().contains(address) || floodLimit.admits(address)));
    }

    @Override
    public void tick() {
        timers.run();
    }

    @Override
    public @Nullable Instant nextDeadline() {
        return timers.next();
    }

    /** The process is gone; whoever drives it cuts its connections. */
    public void stop() {
        stopped = true;
        timers.clear();
        accounts.disconnected(loginSide);
    }

    /** The login-server cannot be reached: what connects now is accepted and closed. */
    public void loginServerAway() {
        loggedIn = false;
        accounts.disconnected(loginSide);
    }

    public void loginServerBack() {
        loggedIn = true;
        accounts.connected(loginSide);
    }

    // What tests ask.

    /** How many map-servers are logged in. */
    public int mapServers() {
        return (int) Arrays.stream(servers).filter(Objects::nonNull).count();
    }

    /** Maps the map-server of this slot announced; empty when nobody has the slot. */
    public List<String> announcedMaps(int slot) {
        MapServer server = servers[slot];
        return server == null ? List.of() : server.maps;
    }

    /** Slot the account's character plays on; -1 nowhere, -2 on a server that is gone or on its way to one. */
    public int serverOf(int accountId) {
        OnlineAccounts.Online record = online.find(accountId);
        return record == null ? NOWHERE : record.server();
    }

    /** Whether an auth node waits for this account. */
    public boolean expects(int accountId) {
        return authNodes.containsKey(accountId);
    }

    /** The record as a map-server would get it now. */
    public @Nullable Status cached(int charId) {
        Status status = cache.get(charId);
        return status == null ? null : status.copy();
    }

    /** Saves of a wrong size, which it drops without a word. */
    public int dropped() {
        return unacknowledged;
    }

    // Connections.

    private final class Connection implements Link {
        private final boolean admitted;
        private @Nullable Wire wire;
        private int slot = NOWHERE;
        private @Nullable CharClient client;

        Connection(boolean admitted) {
            this.admitted = admitted;
        }

        @Override
        public void opened(Wire wire) {
            this.wire = wire;
            connections.add(this);
            if (!admitted) {
                close();
            }
        }

        @Override
        public void packet(Packet packet) {
            if (wire == null || stopped) {
                return;
            }
            if (slot != NOWHERE) {
                if (!new FromMapServer(this, slot).handle(packet)) {
                    close();
                    left();
                }
            } else if (!loggedIn) {
                close();
                left();
            } else if (packet.id() == InterPackets.LOGIN) {
                login(this, packet);
            } else {
                fromClient(packet);
            }
        }

        private void fromClient(Packet packet) {
            CharClient known = client;
            if (known == null) {
                known = new CharClient(this);
                client = known;
            }
            if (!known.handle(packet)) {
                close();
                left();
            }
        }

        @Override
        public void closed() {
            wire = null;
            left();
        }

        private void left() {
            if (!connections.remove(this) || stopped) {
                return;
            }
            if (slot != NOWHERE) {
                serverGone(slot);
            } else if (client != null) {
                client.gone();
            }
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

    private void login(Connection connection, Packet packet) {
        int slot = 0;
        while (slot < servers.length && servers[slot] != null) {
            slot++;
        }
        boolean known = packet.text(2, Names.LENGTH).equals(settings.user())
                && packet.text(26, Names.LENGTH).equals(settings.password());
        if (slot == servers.length || !known) {
            connection.send(InterPackets.loginAck(3));
            return;
        }
        connection.slot = slot;
        servers[slot] = new MapServer(connection, new Endpoint(packet.i32be(54), packet.u16be(58)));
        connection.send(InterPackets.loginAck(0));
        connection.send(InterPackets.storages());
    }

    private void serverGone(int slot) {
        MapServer gone = servers[slot];
        if (gone == null) {
            return;
        }
        servers[slot] = null;
        if (!gone.maps.isEmpty()) {
            toOtherServers(slot, InterPackets.otherMaps(InterPackets.MAPS_GONE, gone.endpoint, gone.maps));
        }
        online.markUnknown(slot);
    }

    private int toAllServers(Packet packet) {
        return toOtherServers(NOWHERE, packet);
    }

    /** To how many it went. */
    private int toOtherServers(int except, Packet packet) {
        int sent = 0;
        for (int slot = 0; slot < servers.length; slot++) {
            MapServer server = servers[slot];
            if (server != null && slot != except) {
                server.connection.send(packet);
                sent++;
            }
        }
        return sent;
    }

    private int search(String map, @Nullable Endpoint at) {
        for (int slot = 0; slot < servers.length; slot++) {
            MapServer server = servers[slot];
            if (server != null && (at == null || server.endpoint.equals(at)) && server.maps.contains(map)) {
                return slot;
            }
        }
        return NOWHERE;
    }

    private @Nullable Status load(int charId) {
        Status known = cache.get(charId);
        if (known == null) {
            known = database.read(charId);
            if (known != null) {
                cache.put(charId, known);
            }
        }
        return known;
    }

    // Towards everybody.

    private void kick(int slot, int accountId, int reason) {
        MapServer server = servers[slot];
        if (server != null) {
            server.connection.send(InterPackets.kick(accountId, reason));
        }
    }

    private final class Slots implements OnlineAccounts.Servers {
        @Override
        public void count(int slot, int users) {
            MapServer server = slot > NOWHERE ? servers[slot] : null;
            if (server != null) {
                server.users = Math.max(0, server.users + users);
            }
        }

        @Override
        public void kick(int slot, int accountId, int reason) {
            SimCharServer.this.kick(slot, accountId, reason);
        }

        @Override
        public void forget(int charId) {
            cache.remove(charId);
        }
    }

    private void broadcastUserCount() {
        int users = 0;
        for (MapServer server : servers) {
            users += server == null ? 0 : server.users;
        }
        if (users != announcedUsers) {
            announcedUsers = users;
            toAllServers(InterPackets.totalUsers(users));
        }
    }

    private final class LoginSide implements Accounts.CharServer {
        @Override
        public Endpoint announced() {
            return settings.announced();
        }

        @Override
        public void kickAccount(int accountId) {
            OnlineAccounts.Online record = online.find(accountId);
            if (record != null && record.server() > NOWHERE) {
                online.kickAndWait(accountId);
            } else if (record != null) {
                Connection client = client(accountId);
                if (client != null) {
                    client.send(ClientPackets.ban(2));
                    client.close();
                    client.left();
                } else {
                    online.setOffline(OnlineAccounts.NO_CHARACTER, accountId);
                }
            }
            authNodes.remove(accountId);
        }
    }

    private @Nullable Connection client(int accountId) {
        for (Connection connection : connections) {
            if (connection.client != null && connection.client.accountId == accountId) {
                return connection;
            }
        }
        return null;
    }

    // Clients.

    /** A client between login and map. */
    private final class CharClient {
        private final Connection connection;
        private int accountId;
        private int loginId1;
        private int loginId2;
        private int sex;
        private int groupId;
        private boolean authenticated;

        CharClient(Connection connection) {
            this.connection = connection;
        }

        /** False: unknown, so the connection ends. */
        boolean handle(Packet packet) {
            switch (packet.id()) {
                case ClientPackets.CH_ENTER -> enter(packet);
                case ClientPackets.CH_SELECT -> select(packet.u8(2));
                case ClientPackets.CH_SELECT_MAP -> selectMap(packet.u8(2), packet.u8(3));
                case ClientPackets.CH_PING -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void enter(Packet packet) {
            if (accountId != 0) {
                return;
            }
            accountId = packet.i32(2);
            loginId1 = packet.i32(6);
            loginId2 = packet.i32(10);
            sex = packet.u8(16);
            connection.send(ClientPackets.bareAccount(accountId));
            AuthNode node = authNodes.get(accountId);
            if (node != null && node.loginId1 == loginId1 && node.loginId2 == loginId2) {
                authNodes.remove(accountId);
                welcome();
            } else if (accounts.authenticate(accountId, loginId1, loginId2, sex)) {
                welcome();
            } else {
                connection.send(ClientPackets.refuse());
            }
        }

        private void welcome() {
            OnlineAccounts.Online record = online.find(accountId);
            if (record != null) {
                if (record.server() > NOWHERE) {
                    online.kickAndWait(accountId);
                    connection.send(ClientPackets.ban(8));
                    return;
                }
                if (record.client != null && record.client != connection) {
                    connection.send(ClientPackets.ban(8));
                    return;
                }
                record.client = connection;
            }
            groupId = accounts.groupId(accountId);
            authenticated = true;
            online.setSelecting(accountId);
            connection.send(ClientPackets.slots());
            connection.send(ClientPackets.characters(database.charactersOf(accountId)));
            connection.send(ClientPackets.pages());
            connection.send(ClientPackets.blocked());
            connection.send(ClientPackets.pincode(accountId));
        }

        private void select(int slot) {
            if (!authenticated) {
                return;
            }
            boolean noServer = Arrays.stream(servers).allMatch(server -> server == null || server.maps.isEmpty());
            if (noServer) {
                connection.send(accessibleMaps());
                return;
            }
            Status status = choose(slot);
            if (status == null) {
                connection.send(ClientPackets.refuse());
                return;
            }
            int server = search(status.lastPoint().map(), null);
            if (server == NOWHERE) {
                connection.send(accessibleMaps());
                return;
            }
            send(status, server);
        }

        private void selectMap(int slot, int city) {
            Status status = authenticated ? choose(slot) : null;
            List<Point> cities = settings.cities();
            if (status == null || search(status.lastPoint().map(), null) != NOWHERE || city >= cities.size()) {
                connection.send(ClientPackets.refuse());
                return;
            }
            status.lastPoint(cities.get(city));
            int server = search(status.lastPoint().map(), null);
            if (server == NOWHERE) {
                connection.send(ClientPackets.refuse());
                return;
            }
            send(status, server);
        }

        private @Nullable Status choose(int slot) {
            for (Status status : database.charactersOf(accountId)) {
                if (status.slot() == slot) {
                    online.setOnline(OnlineAccounts.UNKNOWN_SERVER, status.charId(), accountId);
                    Status loaded = load(status.charId());
                    if (loaded == null) {
                        online.setOffline(status.charId(), accountId);
                    }
                    return loaded;
                }
            }
            return null;
        }

        private void send(Status status, int slot) {
            MapServer server = servers[slot];
            if (server == null) {
                connection.send(ClientPackets.ban(1));
                return;
            }
            connection.send(
                    ClientPackets.mapServer(status.charId(), status.lastPoint().map(), server.endpoint));
            authNodes.put(accountId, new AuthNode(status.charId(), loginId1, loginId2, sex, groupId, false));
        }

        private Packet accessibleMaps() {
            Map<String, Boolean> maps = new LinkedHashMap<>();
            settings.cities().forEach(city -> maps.put(city.map(), search(city.map(), null) != NOWHERE));
            return ClientPackets.accessibleMaps(maps);
        }

        void gone() {
            if (!authenticated) {
                return;
            }
            OnlineAccounts.Online record = online.find(accountId);
            if (record != null && record.client == connection) {
                record.client = null;
            }
            if (record == null || record.server() == NOWHERE) {
                online.setOffline(OnlineAccounts.NO_CHARACTER, accountId);
            }
        }
    }

    // Map-servers.

    /** One packet of the map-server in this slot. */
    private final class FromMapServer {
        private final Connection connection;
        private final int slot;

        FromMapServer(Connection connection, int slot) {
            this.connection = connection;
            this.slot = slot;
        }

        /** False: unknown, so the link ends. */
        boolean handle(Packet packet) {
            switch (packet.id()) {
                case InterPackets.MAPS -> maps(packet);
                case InterPackets.USER_COUNT -> server().users = packet.u16(2);
                case InterPackets.USERS -> users(packet);
                case InterPackets.SAVE -> save(packet);
                case InterPackets.CHAR_SELECT -> charSelect(packet);
                case InterPackets.CHANGE_SERVER -> changeServer(packet);
                case InterPackets.NEW_ADDRESS ->
                    server().endpoint =
                            new Endpoint(packet.i32be(2), server().endpoint.port());
                case InterPackets.OFFLINE -> online.setOffline(packet.i32(2), packet.i32(6));
                case InterPackets.ALL_OFFLINE -> allOffline();
                case InterPackets.ONLINE -> online.setOnline(slot, packet.i32(2), packet.i32(6));
                case InterPackets.KEEP_ALIVE -> connection.send(InterPackets.bare(InterPackets.KEEP_ALIVE_ACK));
                case InterPackets.AUTH -> auth(packet);
                default -> {
                    return other(packet);
                }
            }
            return true;
        }

        private boolean other(Packet packet) {
            switch (packet.id()) {
                case InterPackets.WHISPER -> whispers.whisper(packet, connection::send);
                case InterPackets.WHISPER_ANSWER -> whispers.answer(packet.i32(2), packet.u8(6));
                case BROADCAST -> toOtherServers(slot, packet.copyAs(BROADCAST + ANSWER));
                case ITEM_BROADCAST -> toOtherServers(slot, packet.copyAs(ITEM_BROADCAST + ANSWER));
                case GM_WHISPER -> toAllServers(packet.copyAs(GM_WHISPER + ANSWER));
                case GUILD_CHAT -> toOtherServers(slot, packet.copyAs(GUILD_CHAT + ANSWER));
                case CLAN_CHAT -> toOtherServers(slot, packet.copyAs(CLAN_CHAT + ANSWER));
                default -> {
                    // Guilds, pets, mail and the like are known and go unanswered; what nobody knows ends the link.
                    return data.handle(packet, connection::send)
                            || parties.handle(slot, packet, connection::send)
                            || (packet.id() != InterPackets.LOGIN
                                    && InterLengths.MAP_TO_CHAR.of(packet.id()) != PacketLengths.UNKNOWN);
                }
            }
            return true;
        }

        private MapServer server() {
            return Objects.requireNonNull(servers[slot]);
        }

        private void maps(Packet packet) {
            MapServer server = server();
            server.maps = InterPackets.names(packet, 4);
            connection.send(InterPackets.mapsAck());
            connection.send(InterPackets.fame());
            if (!server.maps.isEmpty()) {
                toOtherServers(slot, InterPackets.otherMaps(InterPackets.OTHER_MAPS, server.endpoint, server.maps));
            }
            for (MapServer other : servers) {
                if (other != null && other != server && !other.maps.isEmpty()) {
                    connection.send(InterPackets.otherMaps(InterPackets.OTHER_MAPS, other.endpoint, other.maps));
                }
            }
        }

        private void users(Packet packet) {
            server().users = packet.u16(4);
            online.markUnknown(slot);
            for (int i = 0; i < packet.u16(4); i++) {
                int accountId = packet.i32(6 + 8 * i);
                online.kickElsewhere(accountId, slot);
                online.record(accountId).at(slot, packet.i32(10 + 8 * i));
            }
        }

        private void save(Packet packet) {
            if (packet.length() - InterPackets.SAVE_STATUS != Status.LENGTH) {
                unacknowledged++;
                return;
            }
            int accountId = packet.i32(4);
            int charId = packet.i32(8);
            boolean quit = packet.u8(12) != 0;
            OnlineAccounts.Online record = online.find(accountId);
            // The second test is the real one's: it reads the record's first byte, which is its id's lowest.
            boolean accepted =
                    quit || packet.u8(InterPackets.SAVE_STATUS) != 0 || (record != null && record.charId() == charId);
            if (accepted) {
                store(charId, Status.of(packet.slice(InterPackets.SAVE_STATUS, Status.LENGTH)));
            } else {
                online.setOnline(slot, charId, accountId);
            }
            if (quit) {
                online.setOffline(charId, accountId);
                connection.send(InterPackets.ofPlayer(InterPackets.SAVE_ACK, accountId, charId));
            }
        }

        /** Whether the database took it or not is nobody's concern here; the cache only has what it took. */
        private void store(int charId, Status status) {
            if (status.charId() == charId && database.write(status)) {
                cache.put(charId, status);
            }
        }

        private void charSelect(Packet packet) {
            int accountId = packet.i32(2);
            authNodes.put(accountId, new AuthNode(0, packet.i32(6), packet.i32(10), 0, 0, false));
            online.setSelecting(accountId);
            connection.send(InterPackets.charSelectAck(accountId));
        }

        private void changeServer(Packet packet) {
            int accountId = packet.i32(2);
            int charId = packet.i32(14);
            String map = packet.text(18, Names.MAP_LENGTH);
            int target = search(map, new Endpoint(packet.i32be(38), packet.u16be(42)));
            Status status = load(charId);
            if (target == NOWHERE || status == null) {
                connection.send(InterPackets.changeServerAck(packet, false));
                return;
            }
            status.lastPoint(new Point(map, packet.u16(34), packet.u16(36)));
            authNodes.put(
                    accountId,
                    new AuthNode(charId, packet.i32(6), packet.i32(10), packet.u8(44), packet.i32(49), true));
            online.record(accountId).at(target, charId);
            connection.send(InterPackets.changeServerAck(packet, true));
        }

        private void allOffline() {
            online.accountsAt(slot).forEach(accountId -> kick(slot, accountId, OnlineAccounts.KICK_SERVER_CLOSED));
        }

        private void auth(Packet packet) {
            int accountId = packet.i32(2);
            int charId = packet.i32(6);
            AuthNode node = authNodes.get(accountId);
            Status status = load(charId);
            if (packet.u8(19) != 0 && status != null) {
                connection.send(InterPackets.authOk(accountId, 0, 0, 0, false, status));
                online.setOnline(slot, charId, accountId);
            } else if (status != null && node != null && node.charId == charId && node.loginId1 == packet.i32(10)) {
                connection.send(InterPackets.authOk(
                        accountId, node.loginId1, node.loginId2, node.groupId, node.changingServer, status));
                authNodes.remove(accountId);
                online.setOnline(slot, charId, accountId);
            } else {
                connection.send(InterPackets.authFailed(packet));
            }
        }
    }
}
