package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
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
    private static final Duration AUTH_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration USER_COUNT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(10);

    private static final int NOWHERE = -1;
    private static final int UNKNOWN_SERVER = -2;
    private static final int NO_CHARACTER = -1;

    private static final int KICK_SERVER_CLOSED = 1;
    private static final int KICK_OTHER_LOGIN = 2;

    private final CharServerSettings settings;
    private final SimDatabase database;
    private final Accounts accounts;
    private final Timers timers;
    private final FloodLimit floodLimit;
    private final @Nullable MapServer[] servers;
    private final Map<Integer, Status> cache = new HashMap<>();
    private final Map<Integer, AuthNode> authNodes = new HashMap<>();
    private final Map<Integer, Online> online = new LinkedHashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Whispers whispers;
    private final CharParties parties;
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

    /** What is known of an account that is or was here. */
    private static final class Online {
        private int charId = NO_CHARACTER;
        private int server = NOWHERE;
        private @Nullable Connection client;
        private Timers.@Nullable Timer waitingDisconnect;
    }

    public SimCharServer(
            CharServerSettings settings, SimDatabase database, SimLoginServer loginServer, InstantSource clock) {
        this.settings = settings;
        this.database = database;
        this.accounts = loginServer.accounts();
        timers = new Timers(clock);
        floodLimit = new FloodLimit(clock);
        servers = new MapServer[settings.mapServers()];
        whispers = new Whispers(database, clock, this::toAllServers);
        parties = new CharParties(database, this::toAllServers, this::toOtherServers);
        database.allOffline();
        database.everyPartyOffline();
        timers.in(settings.loginDelay(), this::loginServerBack);
        timers.every(FIRST, USER_COUNT_INTERVAL, this::broadcastUserCount);
        timers.every(FIRST, CLEANUP_INTERVAL, this::cleanUp);
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
        Online record = online.get(accountId);
        return record == null ? NOWHERE : record.server;
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
        markUnknown(slot);
    }

    private void markUnknown(int slot) {
        for (Online record : online.values()) {
            if (record.server == slot) {
                record.server = UNKNOWN_SERVER;
            }
        }
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

    // Who is online.

    private void setOnline(int server, int charId, int accountId) {
        database.online(charId, true);
        Online record = online.get(accountId);
        if (record == null) {
            record = record(accountId);
        } else {
            if (record.charId != NO_CHARACTER && record.server > NOWHERE && record.server != server) {
                kick(record.server, accountId, KICK_OTHER_LOGIN);
            }
            stopWaiting(record);
        }
        record.charId = charId;
        record.server = server;
        count(server, 1);
        accounts.online(accountId);
    }

    private void setOffline(int charId, int accountId) {
        if (charId == NO_CHARACTER) {
            database.accountOffline(accountId);
        } else {
            cache.remove(charId);
            database.online(charId, false);
        }
        Online record = online.get(accountId);
        if (record != null) {
            count(record.server, -1);
            stopWaiting(record);
            if (record.charId == charId) {
                record.charId = NO_CHARACTER;
                record.server = NOWHERE;
            }
        }
        if (charId == NO_CHARACTER || record == null || record.client == null) {
            accounts.offline(accountId);
        }
    }

    private void setSelecting(int accountId) {
        Online record = record(accountId);
        count(record.server, -1);
        record.charId = NO_CHARACTER;
        record.server = NOWHERE;
        stopWaiting(record);
        accounts.online(accountId);
    }

    private Online record(int accountId) {
        return online.computeIfAbsent(accountId, id -> new Online());
    }

    private void count(int slot, int users) {
        MapServer server = slot > NOWHERE ? servers[slot] : null;
        if (server != null) {
            server.users = Math.max(0, server.users + users);
        }
    }

    private void kick(int slot, int accountId, int reason) {
        MapServer server = servers[slot];
        if (server != null) {
            server.connection.send(InterPackets.kick(accountId, reason));
        }
    }

    private void kickAndWait(int accountId, Online record) {
        kick(record.server, accountId, KICK_OTHER_LOGIN);
        if (record.waitingDisconnect == null) {
            record.waitingDisconnect = timers.in(AUTH_TIMEOUT, () -> {
                record.waitingDisconnect = null;
                setOffline(record.charId, accountId);
            });
        }
    }

    private void stopWaiting(Online record) {
        timers.cancel(record.waitingDisconnect);
        record.waitingDisconnect = null;
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

    /** Ends at the first account that still has a client here; whoever comes behind it waits for the next time. */
    private void cleanUp() {
        for (Map.Entry<Integer, Online> entry : List.copyOf(online.entrySet())) {
            Online record = entry.getValue();
            if (record.client != null) {
                return;
            }
            if (record.server == UNKNOWN_SERVER) {
                setOffline(record.charId, entry.getKey());
            }
            if (record.server < 0) {
                online.remove(entry.getKey());
            }
        }
    }

    private final class LoginSide implements Accounts.CharServer {
        @Override
        public Endpoint announced() {
            return settings.announced();
        }

        @Override
        public void kickAccount(int accountId) {
            Online record = online.get(accountId);
            if (record != null && record.server > NOWHERE) {
                kickAndWait(accountId, record);
            } else if (record != null) {
                Connection client = client(accountId);
                if (client != null) {
                    client.send(ClientPackets.ban(2));
                    client.close();
                    client.left();
                } else {
                    setOffline(NO_CHARACTER, accountId);
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
            Online record = online.get(accountId);
            if (record != null) {
                if (record.server > NOWHERE) {
                    kickAndWait(accountId, record);
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
            setSelecting(accountId);
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
                    setOnline(UNKNOWN_SERVER, status.charId(), accountId);
                    Status loaded = load(status.charId());
                    if (loaded == null) {
                        setOffline(status.charId(), accountId);
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
            Online record = online.get(accountId);
            if (record != null && record.client == connection) {
                record.client = null;
            }
            if (record == null || record.server == NOWHERE) {
                setOffline(NO_CHARACTER, accountId);
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
                case InterPackets.STATUS_CHANGES_REQUEST -> statusChanges(packet.i32(2), packet.i32(6));
                case InterPackets.USER_COUNT -> server().users = packet.u16(2);
                case InterPackets.USERS -> users(packet);
                case InterPackets.SAVE -> save(packet);
                case InterPackets.CHAR_SELECT -> charSelect(packet);
                case InterPackets.CHANGE_SERVER -> changeServer(packet);
                case InterPackets.NAME_REQUEST -> name(packet.i32(2));
                case InterPackets.COOLDOWNS_REQUEST -> cooldowns(packet.i32(2), packet.i32(6));
                case InterPackets.NEW_ADDRESS ->
                    server().endpoint =
                            new Endpoint(packet.i32be(2), server().endpoint.port());
                case InterPackets.COOLDOWNS_SAVE ->
                    database.keep(false, packet.i32(8), packet.slice(14, packet.length() - 14));
                case InterPackets.OFFLINE -> setOffline(packet.i32(2), packet.i32(6));
                case InterPackets.ALL_OFFLINE -> allOffline();
                case InterPackets.ONLINE -> setOnline(slot, packet.i32(2), packet.i32(6));
                case InterPackets.STATUS_CHANGES_SAVE ->
                    database.writeStatusChanges(packet.i32(8), InterPackets.statusChanges(packet));
                case InterPackets.KEEP_ALIVE -> connection.send(InterPackets.bare(InterPackets.KEEP_ALIVE_ACK));
                case InterPackets.AUTH -> auth(packet);
                case InterPackets.BONUS_REQUEST -> bonus(packet.i32(2));
                case InterPackets.BONUS_SAVE ->
                    database.keep(true, packet.i32(4), packet.slice(9, packet.length() - 9));
                default -> {
                    return other(packet) || parties.handle(slot, packet, connection::send);
                }
            }
            return true;
        }

        private boolean other(Packet packet) {
            switch (packet.id()) {
                case InterPackets.WHISPER -> whispers.whisper(packet, connection::send);
                case InterPackets.WHISPER_ANSWER -> whispers.answer(packet.i32(2), packet.u8(6));
                case InterPackets.VARIABLES_SAVE -> saveVariables(packet);
                case InterPackets.VARIABLES_REQUEST -> variables(packet);
                case InterPackets.CASTLES_REQUEST -> connection.send(InterPackets.castles(packet));
                case InterPackets.CLANS_REQUEST -> connection.send(InterPackets.clans());
                case InterPackets.MAIL_REQUEST -> connection.send(InterPackets.mail(packet.i32(2)));
                case InterPackets.QUESTS_REQUEST -> log(InterPackets.QUESTS, false, packet.i32(2));
                case InterPackets.ACHIEVEMENTS_REQUEST -> log(InterPackets.ACHIEVEMENTS, true, packet.i32(2));
                case InterPackets.QUESTS_SAVE -> saveLog(InterPackets.QUESTS_SAVED, false, packet);
                case InterPackets.ACHIEVEMENTS_SAVE -> saveLog(InterPackets.ACHIEVEMENTS_SAVED, true, packet);
                case InterPackets.ITEMS_REQUEST -> items(packet);
                case InterPackets.ITEMS_SAVE -> saveItems(packet);
                default -> {
                    return false;
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

        /** Loads without deleting: only the next save does. */
        private void statusChanges(int accountId, int charId) {
            List<SimDatabase.StatusChange> changes = database.readStatusChanges(charId);
            if (changes != null) {
                connection.send(InterPackets.statusChanges(InterPackets.STATUS_CHANGES, accountId, charId, changes));
            }
        }

        private void users(Packet packet) {
            server().users = packet.u16(4);
            markUnknown(slot);
            for (int i = 0; i < packet.u16(4); i++) {
                int accountId = packet.i32(6 + 8 * i);
                Online record = record(accountId);
                if (record.server > NOWHERE && record.server != slot) {
                    kick(record.server, accountId, KICK_OTHER_LOGIN);
                }
                record.server = slot;
                record.charId = packet.i32(10 + 8 * i);
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
            Online record = online.get(accountId);
            // The second test is the real one's: it reads the record's first byte, which is its id's lowest.
            boolean accepted =
                    quit || packet.u8(InterPackets.SAVE_STATUS) != 0 || (record != null && record.charId == charId);
            if (accepted) {
                store(charId, Status.of(packet.slice(InterPackets.SAVE_STATUS, Status.LENGTH)));
            } else {
                setOnline(slot, charId, accountId);
            }
            if (quit) {
                setOffline(charId, accountId);
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
            setSelecting(accountId);
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
            Online record = record(accountId);
            record.charId = charId;
            record.server = target;
            connection.send(InterPackets.changeServerAck(packet, true));
        }

        private void name(int charId) {
            Status status = database.read(charId);
            connection.send(InterPackets.name(charId, status == null ? "Unknown" : status.name()));
        }

        /** Loading deletes, and without any there is no answer. */
        private void cooldowns(int accountId, int charId) {
            byte[] entries = database.take(false, charId);
            if (entries != null) {
                connection.send(InterPackets.cooldowns(accountId, charId, entries));
            }
        }

        private void bonus(int charId) {
            byte[] entries = database.take(true, charId);
            if (entries != null) {
                connection.send(InterPackets.bonus(charId, entries));
            }
        }

        private void allOffline() {
            for (Map.Entry<Integer, Online> entry : List.copyOf(online.entrySet())) {
                Online record = entry.getValue();
                if (record.server == slot) {
                    kick(slot, entry.getKey(), KICK_SERVER_CLOSED);
                }
            }
        }

        private void auth(Packet packet) {
            int accountId = packet.i32(2);
            int charId = packet.i32(6);
            AuthNode node = authNodes.get(accountId);
            Status status = load(charId);
            if (packet.u8(19) != 0 && status != null) {
                connection.send(InterPackets.authOk(accountId, 0, 0, 0, false, status));
                setOnline(slot, charId, accountId);
            } else if (status != null && node != null && node.charId == charId && node.loginId1 == packet.i32(10)) {
                connection.send(InterPackets.authOk(
                        accountId, node.loginId1, node.loginId2, node.groupId, node.changingServer, status));
                authNodes.remove(accountId);
                setOnline(slot, charId, accountId);
            } else {
                connection.send(InterPackets.authFailed(packet));
            }
        }

        /** Character's, account's, then the login-server's, which go to every map-server. */
        private void variables(Packet packet) {
            int accountId = packet.i32(2);
            int charId = packet.i32(6);
            if (packet.u8(12) != 0) {
                parts(accountId, charId, 3, database.variables(false, charId), connection::send);
            }
            if (packet.u8(11) != 0) {
                parts(accountId, charId, 2, database.variables(true, accountId), connection::send);
            }
            if (packet.u8(10) != 0 && loggedIn) {
                parts(accountId, charId, 1, accounts.variables(accountId), SimCharServer.this::toAllServers);
            }
        }

        private void parts(
                int accountId,
                int charId,
                int kind,
                Map<SimDatabase.Variable, Object> values,
                java.util.function.Consumer<Packet> to) {
            to.accept(InterPackets.variables(accountId, charId, 0, true, values));
            to.accept(InterPackets.variables(accountId, charId, kind, false, values));
        }

        private void saveVariables(Packet packet) {
            int accountId = packet.i32(4);
            int charId = packet.i32(8);
            int at = 14;
            for (int i = 0; i < packet.u16(12); i++) {
                int key = packet.u8(at);
                SimDatabase.Variable variable =
                        new SimDatabase.Variable(packet.text(at + 1, key), packet.u32(at + 1 + key));
                int type = packet.u8(at + key + 5);
                at += key + 6;
                Object value = null;
                if (type == 0) {
                    value = packet.i64(at);
                    at += 8;
                } else if (type == 2) {
                    value = packet.text(at + 1, packet.u8(at));
                    at += 1 + packet.u8(at);
                }
                keep(accountId, charId, variable, value);
            }
        }

        private void keep(int accountId, int charId, SimDatabase.Variable variable, @Nullable Object value) {
            if (!variable.name().startsWith("#")) {
                database.variable(false, charId, variable, value);
            } else if (!variable.name().startsWith("##")) {
                database.variable(true, accountId, variable, value);
            } else if (value == null) {
                accounts.variables(accountId).remove(variable);
            } else {
                accounts.variables(accountId).put(variable, value);
            }
        }

        private void log(int id, boolean achievement, int charId) {
            connection.send(InterPackets.log(id, charId, database.log(achievement, charId)));
        }

        private void saveLog(int id, boolean achievement, Packet packet) {
            int charId = packet.i32(4);
            boolean saved = database.log(achievement, charId, packet.slice(8, packet.length() - 8));
            connection.send(InterPackets.logSaved(id, charId, saved));
        }

        private void items(Packet packet) {
            int type = packet.u8(2);
            int accountId = packet.i32(3);
            int owner = type == Storage.STORAGE ? accountId : packet.i32(7);
            List<Item> items = database.items(type, owner);
            Storage storage = Storage.loaded(type, owner, packet.u8(12), items == null ? List.of() : items);
            connection.send(InterPackets.items(type, accountId, items != null, storage));
        }

        private void saveItems(Packet packet) {
            int type = packet.u8(4);
            int accountId = packet.i32(5);
            int owner = type == Storage.STORAGE ? accountId : packet.i32(9);
            Storage storage = Storage.of(packet.slice(InterPackets.ITEMS_SAVE_AT, Storage.LENGTH));
            boolean saved = database.items(type, owner, storage.items(type));
            connection.send(InterPackets.itemsSaved(accountId, saved, type, storage.storageId()));
        }
    }
}
