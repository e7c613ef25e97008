package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.AuthRefused;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.Banned;
import io.p2phost.ro.inter.CharName;
import io.p2phost.ro.inter.CharSelectAnswer;
import io.p2phost.ro.inter.CharSelectRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.GroupMessage;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.ItemsSaved;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.Kick;
import io.p2phost.ro.inter.LoginAnswer;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.OwnIds;
import io.p2phost.ro.inter.ServerChange;
import io.p2phost.ro.inter.ServerChangeAnswer;
import io.p2phost.ro.inter.StatusChanges;
import io.p2phost.ro.inter.UserCount;
import io.p2phost.ro.inter.WhisperDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Core passed through on one login, every other map-server multiplexed on the second: the two that a stock char-server
 * accepts. Not thread-safe: one thread brings everything in.
 */
public final class Multiplexer {
    /** Saves that a stock map-server sends behind the record, also behind the last one. */
    private static final Set<Integer> FOLLOWING = Set.of(
            MapToChar.SAVE_QUESTS,
            MapToChar.SAVE_ACHIEVEMENTS,
            MapToChar.SAVE_PET,
            MapToChar.SAVE_HOMUNCULUS,
            MapToChar.SAVE_MERCENARY,
            MapToChar.SAVE_ELEMENTAL);

    /** A stock map-server that lost its char-server tries again within ten seconds. */
    private static final Duration CORE_COMES = Duration.ofSeconds(11);

    /** How often, and for how long, a char-server that has no items for a player is asked for them again. */
    private static final Duration LOADS_EVERY = Duration.ofSeconds(1);

    private static final Duration LOADS_FOR = Duration.ofMinutes(5);

    private static final Set<Integer> END_BY_THEMSELVES =
            Set.of(MapToChar.LOAD_STATUS_CHANGES, MapToChar.LOAD_COOLDOWNS, MapToChar.LOAD_BONUS_SCRIPTS);

    private final World world;
    private final Greeting greeting;
    private final Upstream upstream;
    private final Quarantine quarantine;
    private final CoreLink core;
    private final Entries entries;
    private final Kicks kicks;
    private final Moves moves;
    private final Saves saves;
    private final Chat chat;
    private final Groups groups;
    private final Refusals refusals;
    private final Companions companions;
    private final Names names;
    private final Transfers transfers;
    private final Instant started;
    /** When it started: players were behind it before. */
    private boolean hadPlayers;

    private Instant usersTold;

    public Multiplexer(MuxSettings settings, Outside outside, byte[] pseudonymKey, InstantSource clock) {
        world = new World(settings, outside, new Pseudonyms(pseudonymKey), clock);
        greeting = new Greeting(world);
        upstream = new Upstream(world, greeting);
        quarantine = new Quarantine(world);
        core = new CoreLink(world, upstream, quarantine);
        kicks = new Kicks(world);
        moves = new Moves(world, upstream, greeting, kicks);
        entries = new Entries(world, upstream, moves, kicks);
        saves = new Saves(world, upstream, moves, new SaveRules(world, greeting), quarantine);
        chat = new Chat(world, upstream);
        groups = new Groups(world, chat);
        refusals = new Refusals(world);
        companions = new Companions(world, upstream);
        names = new Names(world, upstream);
        transfers = new Transfers(world, this::take);
        started = world.now();
        usersTold = started;
    }

    /**
     * Takes up the sessions of before a restart, then connects.
     *
     * @param journal what the char-server may not have, in the order in which it was accepted
     */
    public void start(List<SessionRow> kept, List<SavedGroup> journal) {
        kept.forEach(row -> world.sessions.put(row.session(world.now())));
        hadPlayers = !world.sessions.where(PlayerSession::isInPlayHere).isEmpty();
        upstream.start(journal);
    }

    /**
     * The maps that may be hosted: announced once per login of ours. Without any there is no login, and core goes alone;
     * with others while announced, we log in anew. Who is on a map that is eligible no longer stays until he leaves it.
     *
     * @param maps at most 2,000
     */
    public void eligibleMaps(Set<MapName> maps) {
        Set<MapName> withdrawn = world.replaceEligible(maps);
        if (withdrawn != null) {
            greeting.hostedMapsChanged(withdrawn);
            upstream.mapsChanged();
        }
        core.letIn();
    }

    // ---- how things are ----

    /** Whether the char-server has accepted us and our maps. */
    public boolean isUp() {
        return upstream.isUp();
    }

    /** Since when the char-server's database does not take what is saved; empty when it does, as far as is known. */
    public Optional<Instant> notStoredSince() {
        return upstream.notStoredSince();
    }

    /** Looks at once whether a character's saves are stored now; whether any wait. */
    public boolean release(int character) {
        return upstream.release(character);
    }

    /** Rare items that were found before a restart and are to be confirmed. */
    public void found(List<Outside.Found> before) {
        quarantine.start(before);
    }

    /** Rare items that are confirmed: whose mark they bear may do with them what he likes. */
    public void confirmed(int account, int item, int amount) {
        quarantine.confirmed(account, item, amount);
    }

    /** Finds of rare items that are to be confirmed. */
    public int foundWaiting() {
        return quarantine.finds();
    }

    /** Gives up what waits of a character; whether anything did. */
    public boolean discard(int character) {
        return upstream.discard(character);
    }

    /** Where the reserve takes its players, as it last said; also while it is away. */
    public Optional<MuxSettings.Address> reserveAddress() {
        return Optional.ofNullable(world.reserveAddress);
    }

    /** Players by state; every state is there. */
    public Map<SessionState, Integer> sessionCounts() {
        Map<SessionState, Integer> counts = new EnumMap<>(SessionState.class);
        for (SessionState state : SessionState.values()) {
            counts.put(state, 0);
        }
        world.sessions.all().forEach(session -> counts.merge(session.state, 1, Integer::sum));
        return counts;
    }

    /** Map-servers behind the multiplexer by how far their login is; every step is there. Core is not among them. */
    public Map<MapServer.Login, Integer> serverCounts() {
        Map<MapServer.Login, Integer> counts = new EnumMap<>(MapServer.Login.class);
        for (MapServer.Login login : MapServer.Login.values()) {
            counts.put(login, 0);
        }
        world.servers().forEach(server -> counts.merge(server.login, 1, Integer::sum));
        return counts;
    }

    // ---- the char-server ----

    public void upstreamOpened(Slot slot, Wire wire) {
        switch (slot) {
            case MULTIPLEXER -> upstream.opened(wire);
            case CORE -> core.opened(wire);
        }
    }

    public void upstreamClosed(Slot slot) {
        if (slot == Slot.CORE) {
            core.ended();
            return;
        }
        boolean wasUp = upstream.closed();
        entries.upstreamLost();
        chat.upstreamLost();
        names.upstreamLost();
        world.sessions.where(session -> !session.asked.isEmpty()).forEach(this::askAgain);
        if (wasUp) {
            core.lost("the char-server is away");
            greeting.coreIsGone();
        }
    }

    public void fromUpstream(Slot slot, Packet packet) {
        if (slot == Slot.CORE) {
            core.fromUpstream(packet);
            if (packet.id() == CharToMap.MAPS_ACCEPTED) {
                moves.upstreamBack();
            }
            return;
        }
        FromUpstream.To to = FromUpstream.of(packet.id()).map(FromUpstream::to).orElse(FromUpstream.To.NOBODY);
        switch (to) {
            case HERE -> ours(packet);
            case PLAYER -> toPlayer(packet);
            case PARTY -> {
                int party = group(packet, "party_id");
                chat.toServersWith(session -> session.party == party, packet);
            }
            case GUILD -> {
                int guild = group(packet, "guild_id");
                chat.toServersWith(session -> session.guild == guild, packet);
            }
            case ALL -> world.eachServer(server -> server.send(packet.copy()));
            case RESERVE -> {
                MapServer reserve = world.server(ServerKey.RESERVE);
                if (reserve != null && reserve.hasPlayers()) {
                    reserve.send(packet);
                }
            }
            case NOBODY -> {
                // Withheld; the table says why.
            }
        }
    }

    private static int group(Packet packet, String field) {
        return InterPackets.CHAR_TO_MAP.packet(packet.id()).field(field).integer(packet);
    }

    /**
     * A char-server whose database is away has no items for anybody, and a stock map-server that is told so leaves the
     * player in the loading screen for good: it is told later.
     */
    private boolean isAskedAgain(PlayerSession session, Packet packet) {
        if (packet.id() != CharToMap.ITEMS || new ItemsLoaded(packet).ok()) {
            return false;
        }
        int key = SessionImage.key(packet);
        Packet load = session.asked.get(key);
        Instant now = world.now();
        if (load == null || session.state != SessionState.PLAYING) {
            return false;
        }
        if (session.loadAgainUntil.equals(Instant.MIN)) {
            session.loadAgainUntil = now.plus(LOADS_FOR);
        } else if (now.isAfter(session.loadAgainUntil)) {
            return false;
        }
        session.asked.remove(key);
        session.refusedLoads.put(key, load);
        session.loadAgain = now.plus(LOADS_EVERY);
        return true;
    }

    private void loadAgain() {
        Instant now = world.now();
        world.sessions
                .where(session -> !session.refusedLoads.isEmpty() && !now.isBefore(session.loadAgain))
                .forEach(session -> {
                    List<Packet> loads = List.copyOf(session.refusedLoads.values());
                    session.refusedLoads.clear();
                    askAgain(session, loads);
                });
    }

    private void toPlayer(Packet packet) {
        sessionFor(packet).ifPresent(session -> {
            if (!companions.told(session, packet) || isAskedAgain(session, packet)) {
                return;
            }
            if (packet.id() == CharToMap.ITEMS_SAVED) {
                upstream.itemsSaved(session, new ItemsSaved(packet));
            }
            quarantine.delivered(session, packet);
            session.image.loaded(packet, world.now());
            session.asked.remove(SessionImage.key(packet));
            session.variablesDelivered |= packet.id() == CharToMap.VARIABLES;
            if (packet.id() == CharToMap.STATUS_CHANGES) {
                loaded(session);
            }
            if (!session.isAwaited()) {
                world.serverOf(session).ifPresent(server -> server.send(packet));
                if (packet.id() == CharToMap.STATUS_CHANGES) {
                    statusChangesTaken(session, new StatusChanges(packet, world.settings.layout()));
                }
            }
        });
    }

    private void loaded(PlayerSession session) {
        if (!session.statusDelivered) {
            session.statusDelivered = true;
            world.keep(session);
        }
    }

    /** A char-server keeps them as they were; whoever crashed on purpose would have them afresh for ever. */
    private void statusChangesTaken(PlayerSession session, StatusChanges taken) {
        if (!taken.changes().isEmpty()) {
            StatusChanges none =
                    StatusChanges.saved(session.account, session.character, List.of(), world.settings.layout());
            upstream.send(none.packet());
        }
    }

    private Optional<PlayerSession> sessionFor(Packet packet) {
        OwnIds ids = OwnIds.fromCharServer(packet.id());
        return ids.accountId() != null
                ? world.sessions.account(ids.accountId(packet).orElse(0))
                : world.sessions.character(ids.charId(packet).orElse(0));
    }

    private void ours(Packet packet) {
        switch (packet.id()) {
            case CharToMap.LOGIN_ANSWER -> upstream.loginAnswer(new LoginAnswer(packet));
            case CharToMap.MAPS_ACCEPTED -> {
                upstream.mapsAccepted(packet);
                letWaitingIn();
                core.letIn();
            }
            case CharToMap.KEEP_ALIVE_ANSWER -> upstream.keepAliveAnswer();
            case CharToMap.STORAGE_TABLES -> greeting.storages(packet);
            case CharToMap.FAME_LISTS -> {
                greeting.fame(packet);
                world.eachServer(server -> server.send(packet.copy()));
            }
            case CharToMap.CASTLES -> greeting.castles(packet);
            case CharToMap.CLANS -> greeting.clans(packet);
            case CharToMap.REMOTE_MAPS -> {
                greeting.coreMaps(packet);
                letWaitingIn();
            }
            case CharToMap.REMOTE_MAPS_GONE -> greeting.coreIsGone();
            case CharToMap.AUTH_OK -> {
                AuthOk ok = new AuthOk(packet);
                if (!upstream.record(ok)) {
                    entries.accepted(ok);
                }
            }
            case CharToMap.AUTH_REFUSED -> {
                AuthRefused no = new AuthRefused(packet);
                if (!upstream.noRecord(no)) {
                    entries.refused(no);
                }
            }
            case CharToMap.CHAR_SELECT_ANSWER ->
                world.sessions
                        .account(new CharSelectAnswer(packet).accountId())
                        .flatMap(world::serverOf)
                        .ifPresent(server -> server.send(packet));
            case CharToMap.SERVER_CHANGE_ANSWER -> moves.changeAnswered(new ServerChangeAnswer(packet));
            case CharToMap.KICK -> moves.kicked(new Kick(packet));
            case CharToMap.BANNED -> banned(new Banned(packet));
            case CharToMap.SEX_CHANGED -> sessionFor(packet).ifPresent(session -> moves.expelled(session, packet));
            case CharToMap.CHAR_NAME -> names.told(new CharName(packet));
            case CharToMap.WHISPER -> chat.whispered(new WhisperDelivery(packet));
            case CharToMap.WHISPER_RESULT -> chat.whisperEnded(packet);
            default -> groups.fromUpstream(packet);
        }
    }

    /**
     * A map-server throws out who goes to core if it does not know core's maps when it is let in. After a restart of this
     * service, which may have missed that somebody goes there, core is soon there too.
     */
    private boolean waitsForCore() {
        return hadPlayers && !greeting.knowsCoreMaps() && world.now().isBefore(started.plus(CORE_COMES));
    }

    private void banned(Banned ban) {
        (ban.ofCharacter() ? world.sessions.character(ban.id()) : world.sessions.account(ban.id()))
                .ifPresent(session -> moves.expelled(session, ban.packet()));
    }

    private void letWaitingIn() {
        if (greeting.isComplete() && !waitsForCore()) {
            world.servers().stream()
                    .filter(server -> server.login == MapServer.Login.WAITING)
                    .forEach(greeting::welcome);
        }
    }

    // ---- map-servers ----

    /** A map-server connected, and who it is was checked. */
    public MapServer serverOpened(ServerKey key, boolean standby, Wire wire) {
        boolean waits = standby && key instanceof ServerKey.Cell;
        MapServer server = new MapServer(waits ? World.standbyOf((ServerKey.Cell) key) : key, standby, wire);
        world.add(server);
        if (waits
                && world.ownerOf(((ServerKey.Cell) key).map()) instanceof ServerKey.Cell owner
                && World.standbyOf(owner).equals(server.key())) {
            world.promote(owner);
        }
        if (key instanceof ServerKey.Core) {
            core.connected(server);
        }
        return server;
    }

    public void serverClosed(MapServer server) {
        transfers.closed(server);
        kicks.closed(server);
        world.remove(server);
        if (server.key() instanceof ServerKey.Core) {
            core.disconnected(server);
        }
    }

    public void fromServer(MapServer server, Packet packet) {
        if (!world.isCurrent(server)) {
            return;
        }
        if (server.key() instanceof ServerKey.Core) {
            core.fromCore(server, packet);
        } else if (Refusals.givesBack(packet.id())) {
            // What waits would be saved before it comes back.
            take(server, packet);
        } else if (!kicks.answered(server, packet) && !transfers.holds(server, packet)) {
            take(server, packet);
        }
    }

    private void take(MapServer server, Packet packet) {
        try {
            dispatch(server, packet);
        } catch (FramingException e) {
            world.violated(server, packet.id(), 0, Violation.Kind.MISSHAPEN, String.valueOf(e.getMessage()));
            server.close("sends what no map-server sends: " + e.getMessage());
        }
    }

    private void dispatch(MapServer server, Packet packet) {
        FromServer row = FromServer.of(packet.id()).orElse(null);
        FromServer.Rule rule = row == null ? FromServer.Rule.FORBID : row.rule(server.isOnHost());
        switch (rule) {
            case HERE -> here(server, packet);
            case PASS -> pass(server, packet);
            case OWN, GROUP -> ownPlayer(server, packet, rule);
            case REFUSE -> {
                world.violated(server, packet.id(), 0, Violation.Kind.NOT_TAKEN, reason(row));
                if (packet.id() == MapToChar.ADD_GUILD_MEMBER) {
                    groups.notJoined(server, packet);
                }
                refusals.answer(server, packet).ifPresent(account -> transfers.gaveBack(server, account));
            }
            case FORBID -> world.violated(server, packet.id(), 0, Violation.Kind.FORBIDDEN, reason(row));
        }
    }

    private static String reason(@Nullable FromServer row) {
        return row == null ? "unknown packet" : row.reason();
    }

    private void pass(MapServer server, Packet packet) {
        switch (packet.id()) {
            case MapToChar.BROADCAST, MapToChar.ITEM_BROADCAST -> chat.announce(server, packet);
            default -> upstream.send(packet);
        }
    }

    private void ownPlayer(MapServer server, Packet packet, FromServer.Rule rule) {
        PlayerSession session = playerOf(packet);
        boolean follows =
                session != null && FOLLOWING.contains(packet.id()) && session.isFinishedBy(server.key(), world.now());
        if (server.isStandby() || session == null || !(session.isWrittenBy(server.key()) || follows)) {
            boolean waits = session != null
                    && session.state == SessionState.PENDING_REPLAY
                    && session.server.equals(server.key());
            if (!waits) {
                notItsPlayer(server, packet, session);
                if (session == null || session.isSafe()) {
                    saves.late(server, packet);
                }
            }
            return;
        }
        // A char-server reads on behind a packet that is shorter than it says.
        Optional<String> misshapen = InterPackets.refusal(packet, world.settings.layout());
        if (misshapen.isPresent()) {
            world.violated(server, packet.id(), session.account, Violation.Kind.MISSHAPEN, misshapen.get());
        } else if (rule == FromServer.Rule.GROUP) {
            saves.save(server, session, packet);
        } else if (session.state == SessionState.PLAYING || follows) {
            request(server, session, packet);
        }
    }

    private void notItsPlayer(MapServer server, Packet packet, @Nullable PlayerSession session) {
        world.violated(
                server,
                packet.id(),
                session == null ? 0 : session.account,
                Violation.Kind.NOT_ITS_PLAYER,
                "not its player now");
    }

    /** The player a packet is about, if all its ids agree. */
    private @Nullable PlayerSession playerOf(Packet packet) {
        OwnIds ids = OwnIds.fromMapServer(packet.id());
        PlayerSession session = null;
        if (ids.accountId() != null) {
            session = world.sessions.account(ids.accountId(packet).orElse(0)).orElse(null);
        } else if (ids.charId() != null) {
            session = world.sessions.character(ids.charId(packet).orElse(0)).orElse(null);
        }
        boolean agree =
                session != null && (ids.charId() == null || ids.charId(packet).orElse(0) == session.character);
        return agree ? session : null;
    }

    private void request(MapServer server, PlayerSession session, Packet packet) {
        switch (packet.id()) {
            case MapToChar.SAVE_QUESTS, MapToChar.SAVE_ACHIEVEMENTS -> {
                session.image.saved(packet, world.now());
                upstream.saveOther(session, packet);
            }
            case MapToChar.PARTY_MESSAGE, MapToChar.GUILD_MESSAGE ->
                chat.message(server, session, new GroupMessage(packet));
            case MapToChar.CREATE_PARTY,
                    MapToChar.LOAD_PARTY,
                    MapToChar.ADD_PARTY_MEMBER,
                    MapToChar.CHANGE_PARTY_OPTIONS -> groups.fromServer(server, session, packet, upstream);
            case MapToChar.MOVE_PARTY_MEMBER -> {
                session.partyMove = packet.copy();
                upstream.request(session, packet);
            }
            case MapToChar.CREATE_PET, MapToChar.LOAD_PET, MapToChar.SAVE_PET ->
                companions.fromServer(server, session, packet, CompanionKind.PET);
            case MapToChar.CREATE_HOMUNCULUS, MapToChar.LOAD_HOMUNCULUS, MapToChar.SAVE_HOMUNCULUS ->
                companions.fromServer(server, session, packet, CompanionKind.HOMUNCULUS);
            case MapToChar.CREATE_MERCENARY, MapToChar.LOAD_MERCENARY, MapToChar.SAVE_MERCENARY ->
                companions.fromServer(server, session, packet, CompanionKind.MERCENARY);
            case MapToChar.CREATE_ELEMENTAL, MapToChar.LOAD_ELEMENTAL, MapToChar.SAVE_ELEMENTAL ->
                companions.fromServer(server, session, packet, CompanionKind.ELEMENTAL);
            default -> {
                boolean fromImage = upstream.mayNotKnow(session, packet)
                        || (session.timedFromImage && END_BY_THEMSELVES.contains(packet.id()));
                List<Packet> kept =
                        fromImage ? session.image.answer(packet, world.now(), world.settings.layout()) : List.of();
                if (kept.isEmpty()) {
                    if (packet.id() == MapToChar.LOAD_VARIABLES) {
                        session.image.variablesAsked();
                    }
                    upstream.request(session, packet);
                } else {
                    session.variablesDelivered |= packet.id() == MapToChar.LOAD_VARIABLES;
                    if (packet.id() == MapToChar.LOAD_STATUS_CHANGES) {
                        loaded(session);
                    }
                    for (Packet answer : kept) {
                        quarantine.delivered(session, answer);
                        server.send(answer);
                    }
                }
            }
        }
    }

    /** What the lost char-server did not answer: without it a player stands in the loading screen for good. */
    private void askAgain(PlayerSession session) {
        List<Packet> unanswered = List.copyOf(session.asked.values());
        session.asked.clear();
        askAgain(session, unanswered);
    }

    private void askAgain(PlayerSession session, List<Packet> loads) {
        MapServer server = world.serverOf(session).orElse(null);
        if (server != null && session.state == SessionState.PLAYING) {
            loads.forEach(load -> request(server, session, load));
        }
    }

    private void here(MapServer server, Packet packet) {
        switch (packet.id()) {
            case MapToChar.MAP_SERVER_LOGIN -> login(server, new MapServerLogin(packet));
            case MapToChar.MAP_LIST -> announced(server, new MapList(packet));
            case MapToChar.KEEP_ALIVE -> server.send(KeepAlive.answer());
            case MapToChar.USER_COUNT -> server.users = new UserCount(packet).users();
            case MapToChar.LOAD_CASTLES, MapToChar.LOAD_CLANS -> greeting.answer(server, packet);
            case MapToChar.AUTH_REQUEST -> {
                if (server.hasPlayers()) {
                    entries.collect(server, new AuthRequest(packet));
                }
            }
            case MapToChar.ONLINE_USERS -> {
                if (server.key().equals(ServerKey.RESERVE)) {
                    moves.reserveHas(new OnlineUsers(packet));
                }
            }
            case MapToChar.SERVER_CHANGE, MapToChar.CHAR_SELECT_REQUEST, MapToChar.CHAR_OFFLINE ->
                leaving(server, packet);
            case MapToChar.CHAR_NAME_REQUEST -> names.asked(server, packet);
            case MapToChar.DELETE_PET -> companions.delete(server, packet, CompanionKind.PET);
            case MapToChar.DELETE_HOMUNCULUS -> companions.delete(server, packet, CompanionKind.HOMUNCULUS);
            case MapToChar.DELETE_MERCENARY -> companions.delete(server, packet, CompanionKind.MERCENARY);
            case MapToChar.DELETE_ELEMENTAL -> companions.delete(server, packet, CompanionKind.ELEMENTAL);
            case MapToChar.WHISPER -> chat.whisper(server, packet);
            case MapToChar.WHISPER_ANSWER -> chat.whisperAnswered(server, packet);
            case MapToChar.CLAN_MESSAGE -> {
                PlayerSession sender = playerOf(packet);
                if (sender != null && sender.isWrittenBy(server.key())) {
                    chat.message(server, sender, new GroupMessage(packet));
                }
            }
            case MapToChar.LOAD_GUILD -> {
                int guild = InterPackets.MAP_TO_CHAR
                        .packet(packet.id())
                        .field("guild_id")
                        .integer(packet);
                if (world.sessions.all().stream()
                        .anyMatch(session -> session.guild == guild && session.isWrittenBy(server.key()))) {
                    upstream.send(packet);
                }
            }
            default -> {
                // Swallowed; the table says why.
            }
        }
    }

    private void login(MapServer server, MapServerLogin login) {
        if (server.login != MapServer.Login.CONNECTED) {
            return;
        }
        if (server.key() instanceof ServerKey.Reserve) {
            world.reserveAddress = new MuxSettings.Address(login.ip(), login.port());
        }
        server.login = MapServer.Login.WAITING;
        letWaitingIn();
    }

    private void announced(MapServer server, MapList list) {
        if (server.login == MapServer.Login.CONNECTED || server.login == MapServer.Login.WAITING) {
            server.close("announces maps before it logged in");
            return;
        }
        server.maps().clear();
        server.maps().addAll(list.maps());
        if (server.key() instanceof ServerKey.Cell cell
                && !server.maps().equals(Set.of(cell.map().value()))) {
            // A cell whose files lack the map announces none.
            world.violated(
                    server,
                    list.packet().id(),
                    0,
                    server.maps().isEmpty() ? Violation.Kind.NOT_TAKEN : Violation.Kind.FORBIDDEN,
                    "maps " + server.maps().size() + " (expected: " + cell.map() + ")");
            server.close("announces other maps than " + cell.map());
            return;
        }
        greeting.announced(server);
        transfers.joined(server);
    }

    private void leaving(MapServer server, Packet packet) {
        PlayerSession session = playerOf(packet);
        if (packet.id() == MapToChar.SERVER_CHANGE && session != null && session.hasLeft(server.key())) {
            moves.changeRepeated(server, session, new ServerChange(packet));
            return;
        }
        if (server.isStandby() || session == null || !session.isWrittenBy(server.key())) {
            notItsPlayer(server, packet, session);
            return;
        }
        switch (packet.id()) {
            case MapToChar.SERVER_CHANGE -> moves.change(server, session, new ServerChange(packet));
            case MapToChar.CHAR_SELECT_REQUEST -> moves.charSelect(server, session, new CharSelectRequest(packet));
            default -> moves.givenUp(session);
        }
    }

    // ---- what else is told ----

    /** A map's owner in effect changed: who was with the old one is handed over, without the char-server. */
    public void ownerChanged(MapName map, Epoch epoch, ServerKey server) {
        if (server instanceof ServerKey.Cell owner && !epoch.isBefore(world.epochOf(map))) {
            world.promote(owner);
        }
        moves.ownerChanged(map, epoch, server);
    }

    /** The map's next owner is still to start its server: the reserve has its players until {@link #ownerChanged}. */
    public void bridge(MapName map) {
        moves.bridge(map);
    }

    /** Whether that server is connected and has announced its maps, be it as the host's standby. */
    public boolean isThere(ServerKey key) {
        MapServer standby = key instanceof ServerKey.Cell cell ? world.server(World.standbyOf(cell)) : null;
        return isReady(key) || (standby != null && standby.login == MapServer.Login.ANNOUNCED);
    }

    /** Whether that server is connected, has announced its maps, and may have players. */
    public boolean isReady(ServerKey key) {
        MapServer server = world.server(key);
        return server != null && server.hasPlayers();
    }

    /** Players on the reserve's maps whom it let in itself, because no relay can read their clients. */
    public Map<MapName, Integer> directPlayers() {
        Map<MapName, Integer> players = new HashMap<>();
        world.sessions
                .where(each -> each.isInPlayHere() && each.isDirect())
                .forEach(each -> players.merge(each.map, 1, Integer::sum));
        return players;
    }

    /** Players on the reserve whom a host of their map could have: relays read their clients. */
    public Map<MapName, Integer> reservePlayers() {
        Map<MapName, Integer> players = new HashMap<>();
        world.sessions
                .where(each -> each.isInPlayHere() && !each.isDirect() && each.server.equals(ServerKey.RESERVE))
                .forEach(each -> players.merge(each.map, 1, Integer::sum));
        return players;
    }

    /** Standbys that may announce their map and have; as what they are known without an epoch. */
    public Set<ServerKey.Cell> standbyServers() {
        return world.servers().stream()
                .filter(server -> server.isStandby() && server.login == MapServer.Login.ANNOUNCED)
                .map(server -> (ServerKey.Cell) server.key())
                .collect(Collectors.toSet());
    }

    /** The map's server lets its players go with their final saves, to be had by another. */
    public void release(MapName map) {
        moves.release(map);
    }

    /** The map's server, which no relay reaches, is asked itself to let its players go as after a {@link #release}. */
    public void recall(MapName map) {
        moves.recall(map);
    }

    /**
     * That relay does not reach the host any more, another one does: its players there are saved, and go on through that
     * one.
     *
     * @return how many there are
     */
    public int carry(HostId host, String from, Outside.Front front) {
        return moves.carry(host, from, front);
    }

    /**
     * Players of that relay are saved and go on through another, although nothing is wrong.
     *
     * @param account only him; 0: whoever is there
     */
    public Shed shed(String from, Outside.Front front, int account, int most) {
        return moves.shed(from, front, account, most);
    }

    /** The map keeps its server after a {@link #release}: who was let go comes back to it. */
    public void stay(MapName map) {
        moves.stay(map);
    }

    /** Players of the map that its server has and may still save. */
    public int playersOn(MapName map) {
        return moves.playersOn(map);
    }

    /** Answers on this thread, now or later. */
    public void enter(EntryRequest request, Consumer<EntryAnswer> answer) {
        entries.enter(request, answer);
    }

    /** The relay saw the player's own wish for character select (CZ_RESTART, 0x00b2 type 1). */
    public void restartSeen(int account) {
        moves.restartSeen(account);
    }

    /** The player's connection at the relay is gone. */
    public void connectionGone(int account, long number) {
        named(account, number);
        moves.connectionGone(account, number);
    }

    /** Whoever names a number was told it, also if that is not known here any more: it may not have been stored. */
    private void named(int account, long number) {
        world.sessions
                .account(account)
                .filter(session -> session.number == number)
                .ifPresent(session -> session.relayKnows = number);
    }

    /**
     * A player is about to give something to others: what his map-server saves from now on counts for all of its players or
     * for none, until {@link #gave}.
     *
     * @param told whether his wish may reach his map-server, which it may not while he has what it does not know to be
     *     marked; runs now or within seconds
     */
    public void gives(int account, long number, Consumer<Boolean> told) {
        named(account, number);
        if (world.sessions
                .account(account)
                .filter(session -> session.rare.isFresh())
                .isPresent()) {
            told.accept(false);
        } else {
            transfers.begin(account, number, told);
        }
    }

    /** He has given it, or nothing came of it. */
    public void gave(int account) {
        transfers.end(account);
    }

    /** He has taken what another had dropped: until he is saved it would be lost with his map-server. */
    public void took(int account, long number) {
        named(account, number);
        transfers.took(account, number);
    }

    /** Packets of map-servers that wait for the end of a transfer. */
    public int heldPackets() {
        return transfers.held();
    }

    /** His relay did not hear where he is to go. */
    public void relayUntold(int account, long number) {
        moves.relayUntold(account, number);
    }

    /**
     * The reserve has taken a player to its own copy of that map, which a host serves, and his client does not know it yet.
     *
     * @return whether he goes on at the host: his relay ends his connection to the reserve then
     */
    public boolean walked(int account, long number, MapName map, int x, int y) {
        return moves.walked(account, number, map, x, y);
    }

    /** To be called several times a second. */
    public void tick() {
        upstream.tick();
        core.tick();
        greeting.closeCore(upstream.notStoredSince().isPresent());
        entries.tick();
        moves.tick();
        chat.tick();
        transfers.tick();
        kicks.tick();
        loadAgain();
        letWaitingIn();
        tellUsers();
    }

    private void tellUsers() {
        if (!world.now().isBefore(usersTold.plus(world.settings.timing().users()))) {
            usersTold = world.now();
            int users =
                    world.servers().stream().mapToInt(server -> server.users).sum();
            upstream.send(UserCount.of(Math.min(users, 0xffff)).packet());
            names.again();
        }
    }
}
