package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.AuthRefused;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.ItemsSaved;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.LoginAnswer;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.Presence;
import io.p2phost.ro.inter.SaveAck;
import io.p2phost.ro.inter.SaveCharacter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The multiplexer's login at the char-server. After each login, in this order: saves the char-server may not have, a
 * barrier, who is in play, and only then the maps; before that a stock char-server lets nobody select a character, so
 * nobody can load a record that has saves pending. Core's login follows ours.
 */
final class Upstream {
    /** Requests of one player that wait for the char-server. */
    static final int MAX_WAITING = 64;

    /** At most so often a record is asked for while nobody waits: it writes when the character was last online. */
    static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    /** How often in a row one player's saves may not be stored while others' are: a database may come and go some times. */
    static final int MOST_REFUSALS = 5;

    /**
     * Unanswered questions in a replay: so many characters, of some 100 KB each at most, are under way. All at once, a
     * thousand of them are more than may wait for the char-server.
     */
    static final int MOST_ASKED = 32;

    private enum State {
        DOWN,
        DIALING,
        LOGGING_IN,
        REPLAYING,
        ANNOUNCING,
        UP,
        /** We closed it; its end is still to come. */
        CLOSING
    }

    private final World world;
    private final Greeting greeting;
    /** Players of whom the char-server was sent saves that it is not known to have stored. */
    private final Set<PlayerSession> unproven = new LinkedHashSet<>();
    /** What was journaled before a restart of characters who are in play no longer. */
    private final Map<Integer, Stray> strays = new LinkedHashMap<>();

    private final Deque<Barrier> keepAlives = new ArrayDeque<>();
    private final Deque<Check> checks = new ArrayDeque<>();
    /** What of the replay is still to be sent, a character each. */
    private final Deque<Runnable> toReplay = new ArrayDeque<>();

    private State state = State.DOWN;
    /** The connection at hand has been up. */
    private boolean wasUp;

    private @Nullable Wire wire;
    private Instant since;
    private long barriers;
    /** The one behind the replay; not known before all of it was sent. */
    private long replayed;
    /** How often the same was replayed because not all of it was stored. */
    private int replays;

    /** Something was stored that was not before. */
    private boolean replayTaken;
    /** Whom the char-server was told to load last, as it had him. */
    private @Nullable Stored loaded;

    private Instant checked = Instant.MIN;
    /** Since when nothing that was compared was stored; null: the newest that was compared is. */
    private @Nullable Instant notStoredSince;
    /** How often something that was compared was stored. */
    private long takes;

    /** Something whose answer comes behind everything sent before it. */
    private record Barrier(long number, Instant at) {}

    /**
     * A character's record, asked for to be compared.
     *
     * @param whose null: a stray's
     * @param sent as it was sent; null: it is only to be loaded
     */
    private record Check(
            long number,
            int account,
            int character,
            @Nullable PlayerSession whose,
            @Nullable Stored sent) {}

    /** Saves of somebody who is in play no longer. */
    private static final class Stray {
        private final int account;
        private final int character;
        private final PendingSaves saves = new PendingSaves();
        private boolean notStored;

        Stray(int account, int character) {
            this.account = account;
            this.character = character;
        }
    }

    Upstream(World world, Greeting greeting) {
        this.world = world;
        this.greeting = greeting;
        this.since = world.now();
    }

    boolean isUp() {
        return state == State.UP;
    }

    void start(List<SavedGroup> journal) {
        journal.forEach(this::restore);
        dial();
    }

    private void restore(SavedGroup group) {
        PlayerSession session = world.sessions.character(group.character()).orElse(null);
        if (session == null) {
            strays.computeIfAbsent(group.character(), any -> new Stray(group.account(), group.character()))
                    .saves
                    .restore(group);
        } else if (session.state == SessionState.CORE) {
            // The char-server gave him to core behind it: what core has is newer.
            world.outside.applied(group.character());
        } else {
            session.pending.restore(group);
            session.finalSaveLost = false;
        }
    }

    /** Without maps there is nothing to log in for. */
    private void dial() {
        if (world.hasEligibleMaps()) {
            become(State.DIALING);
            world.outside.dial(Slot.MULTIPLEXER);
        }
    }

    /** A char-server takes one list of maps per login: with another, we log in anew. */
    void mapsChanged() {
        boolean announced = state == State.ANNOUNCING || state == State.UP;
        boolean connected = state == State.LOGGING_IN || state == State.REPLAYING;
        if (announced || (connected && !world.hasEligibleMaps())) {
            close("the eligible maps changed");
        }
    }

    private void close(String reason) {
        Wire open = wire;
        if (open != null) {
            become(State.CLOSING);
            open.close(reason);
        }
    }

    private void become(State next) {
        state = next;
        since = world.now();
    }

    // ---- what goes up ----

    /** Sends, if the char-server is there. */
    boolean send(Packet packet) {
        if (state != State.UP) {
            return false;
        }
        put(packet);
        return true;
    }

    /**
     * Whether the char-server is away, or its database may not have what his servers saved of what is loaded: his image has
     * it.
     */
    boolean mayNotKnow(PlayerSession session, Packet load) {
        List<Packet> saves = session.pending.of(load);
        saves.forEach(save -> session.image.saved(save, world.now()));
        return state != State.UP || !saves.isEmpty();
    }

    /** A player's request: sent, or kept until the char-server is there. */
    void request(PlayerSession session, Packet packet) {
        if (!send(packet)) {
            if (session.waiting.size() < MAX_WAITING) {
                session.waiting.add(packet);
            }
            return;
        }
        sent(session, packet);
    }

    private static void sent(PlayerSession session, Packet request) {
        int load = SessionImage.keyOfLoad(request);
        if (load != 0) {
            session.asked.put(load, request);
        }
    }

    /**
     * An accepted group: on its way, and kept until it is known to be stored.
     *
     * @return for the journal; empty when too much waits already
     */
    Optional<SavedGroup> save(PlayerSession session, List<Packet> group) {
        Optional<List<Compressed>> kept = session.pending.add(group);
        if (kept.isPresent() && state == State.UP) {
            putAll(session, group, save -> false);
            sentFor(session);
            SaveCharacter last = new SaveCharacter(group.getLast().copy());
            session.quits = last.quit() && session.state == SessionState.PLAYING;
            if (last.quit() && !session.quits) {
                // He is at character select already: asking must not leave him online.
                ask(session);
                put(last.packet());
            }
        } else if (kept.isPresent()) {
            behindTheReplay(session);
        }
        return kept.map(packets -> SavedGroup.of(session, packets));
    }

    /**
     * His change to core: sent once what he was saved with is known to be stored, because core has him with what is. While
     * the char-server is away it is asked when it is back.
     */
    void changeToCore(PlayerSession session) {
        session.changeWaits = state == State.UP && unproven.contains(session) && session.isChanged();
        if (!session.changeWaits) {
            sendChange(session);
        } else if (session.notStored == 0) {
            ask(session);
        }
    }

    private void sendChange(PlayerSession session) {
        if (session.change != null) {
            send(session.change.copy());
        }
    }

    /** A save outside the groups. */
    void saveOther(PlayerSession session, Packet packet) {
        world.outside.journal(SavedGroup.of(session, List.of(session.pending.addOther(packet))), () -> {});
        if (send(packet)) {
            sentFor(session);
        } else {
            behindTheReplay(session);
        }
    }

    /** It goes up when the maps are announced: that what was replayed of him is stored does not prove it. */
    private static void behindTheReplay(PlayerSession session) {
        session.provenBy = Long.MAX_VALUE;
    }

    private void putAll(PlayerSession session, List<Packet> saves, Predicate<SaveCharacter> isFinal) {
        for (Packet packet : saves) {
            if (packet.id() == MapToChar.SAVE_CHARACTER) {
                SaveCharacter save = new SaveCharacter(packet.copy());
                Stored sent = stored(save);
                if (!sent.equals(session.sent)) {
                    session.sent = sent;
                    session.differsSince = world.now();
                }
                put(save.quit(isFinal.test(save)).packet());
            } else {
                put(packet);
            }
        }
    }

    private Stored stored(SaveCharacter save) {
        return Stored.of(save.status(world.settings.layout()));
    }

    private void sentFor(PlayerSession session) {
        session.provenBy = barriers + 1;
        unproven.add(session);
    }

    /**
     * Whether he has to be kept in play, though he is gone, until his last save is known to be stored: otherwise he could
     * come back before it is.
     */
    boolean holds(PlayerSession session) {
        if (state != State.UP || !unproven.contains(session) || !session.isChanged()) {
            return false;
        }
        session.quits = true;
        return true;
    }

    private void stored(PlayerSession session) {
        session.stored = session.sent;
        session.pending.clear();
        session.itemsRefused.clear();
        world.outside.applied(session.character);
        session.saved();
    }

    // ---- the connection ----

    void opened(Wire opened) {
        wire = opened;
        become(State.LOGGING_IN);
        if (!world.hasEligibleMaps()) {
            close("no map is eligible");
            return;
        }
        MuxSettings settings = world.settings;
        opened.send(MapServerLogin.of(
                        settings.user(),
                        settings.password(),
                        settings.front().ip(),
                        settings.front().port())
                .packet());
    }

    /** Whether it had been up. */
    boolean closed() {
        boolean was = wasUp;
        wasUp = false;
        wire = null;
        unproven.forEach(session -> session.changeWaits = false);
        unproven.clear();
        keepAlives.clear();
        checks.clear();
        toReplay.clear();
        become(State.DOWN);
        return was;
    }

    /** The char-server's answer to our login; only 0 is a yes. */
    void loginAnswer(LoginAnswer answer) {
        if (state != State.LOGGING_IN) {
            return;
        }
        if (!answer.accepted()) {
            close("the char-server refuses the login (expected: its user and password, and a free place of two)");
            return;
        }
        become(State.REPLAYING);
        replays = 0;
        replay();
    }

    private void replay() {
        replays++;
        replayTaken = false;
        checked = world.now();
        strays.values().forEach(stray -> stray.notStored = false);
        replayed = Long.MAX_VALUE;
        toReplay.clear();
        world.sessions.where(session -> !session.pending.isEmpty()).forEach(session -> {
            session.notStored = 0;
            toReplay.add(() -> replay(session));
        });
        strays.values().forEach(stray -> toReplay.add(() -> replay(stray)));
        replayOn();
    }

    private void replayOn() {
        while (!toReplay.isEmpty() && checks.size() < MOST_ASKED) {
            toReplay.remove().run();
        }
        if (toReplay.isEmpty() && replayed == Long.MAX_VALUE) {
            replayed = keepAlive();
        }
    }

    private void replay(PlayerSession session) {
        if (session.pending.isEmpty() || !isCurrent(session)) {
            return;
        }
        load(session.account, session.character);
        putAll(session, session.pending.inOrder(), save -> false);
        sentFor(session);
        session.quits = session.state == SessionState.PENDING_REPLAY;
        if (session.pending.record().isPresent()) {
            ask(session);
        }
    }

    private void replay(Stray stray) {
        if (!stray.equals(strays.get(stray.character))) {
            // An operator gave it up.
            return;
        }
        load(stray.account, stray.character);
        for (Packet packet : stray.saves.inOrder()) {
            put(
                    packet.id() == MapToChar.SAVE_CHARACTER
                            ? new SaveCharacter(packet).quit(false).packet()
                            : packet);
        }
        stray.saves
                .record()
                .ifPresent(save -> ask(stray.account, stray.character, null, stored(new SaveCharacter(save))));
    }

    /**
     * Has the char-server load a character, and take him for online: it would drop the save of one who is not for one
     * character in 256, and compare it with nothing (char_mapif.cpp).
     */
    private void load(int account, int character) {
        ask(account, character, null, null);
    }

    private void ask(PlayerSession session) {
        ask(session.account, session.character, session, session.sent);
    }

    private void ask(int account, int character, @Nullable PlayerSession whose, @Nullable Stored sent) {
        if (wire != null) {
            checks.add(new Check(++barriers, account, character, whose, sent));
            put(AuthRequest.record(account, character).packet());
        }
    }

    // ---- what comes back ----

    void keepAliveAnswer() {
        Barrier answered = keepAlives.poll();
        if (answered == null) {
            return;
        }
        if (state != State.REPLAYING) {
            prove(answered.number, false);
        } else if (answered.number >= replayed && checks.isEmpty()) {
            replayed(answered.number);
        }
    }

    /**
     * The char-server's record of somebody: it has in memory what its database took.
     *
     * @return false when it was not asked for here
     */
    boolean record(AuthOk answer) {
        return answered(
                answer.loginId1(),
                answer.accountId(),
                answer.loginId1() == 0 ? Stored.of(answer.status(world.settings.layout())) : null);
    }

    /** The same, when there is no such character, or it cannot be read. */
    boolean noRecord(AuthRefused answer) {
        return answered(answer.loginId1(), answer.accountId(), null);
    }

    private boolean answered(int loginId1, int account, @Nullable Stored found) {
        Check check = checks.peek();
        if (check == null || loginId1 != 0 || account != check.account) {
            return false;
        }
        checks.remove();
        noted(check, found);
        if (state == State.REPLAYING) {
            replayOn();
        }
        return true;
    }

    private void noted(Check check, @Nullable Stored found) {
        Stored sent = check.sent;
        PlayerSession session = check.whose;
        if (sent == null) {
            loaded = found;
            return;
        }
        boolean took = sent.equals(found) && (session == null || session.itemsRefused.isEmpty());
        replayTaken |= took && !sent.equals(loaded);
        Stray stray = strays.get(check.character);
        if (stray != null) {
            stray.notStored = !took;
        }
        if (session == null || !isCurrent(session)) {
            return;
        }
        session.notStored = took ? 0 : session.notStored + 1;
        session.othersStored = took ? 0 : session.othersStored;
        if (state == State.REPLAYING) {
            return;
        }
        if (took) {
            taken(session, check.number);
        } else {
            notTaken(session);
        }
    }

    private boolean isCurrent(PlayerSession session) {
        return world.sessions.account(session.account).filter(session::equals).isPresent();
    }

    void itemsSaved(PlayerSession session, ItemsSaved answer) {
        if (answer.ok()) {
            session.itemsRefused.remove(answer.kind());
        } else if (answer.kind() != null) {
            boolean isFirst = session.itemsRefused.isEmpty();
            session.itemsRefused.add(answer.kind());
            if (isFirst && state == State.UP && isAsked(session) && session.notStored == 0) {
                // What is stored of others after this says nothing of what was sent before.
                session.notStored = 1;
                notTaken(session);
            }
        }
    }

    private void taken(PlayerSession session, long number) {
        if (notStoredSince == null) {
            takes++;
            prove(number, true);
        } else if (session.differsSince.isBefore(notStoredSince)) {
            // From before; of how things are now it says nothing.
            if (session.provenBy <= number) {
                proven(session);
            }
        } else {
            // The database is back. What was sent meanwhile is sent again.
            takes++;
            notStoredSince = null;
            sendAgain();
        }
    }

    private void sendAgain() {
        List.copyOf(unproven).stream().filter(session -> session.notStored == 0).forEach(this::sendAgain);
    }

    private void sendAgain(PlayerSession session) {
        putAll(session, session.pending.inOrder(), save -> isOffline(session));
        sentFor(session);
    }

    private static boolean isOffline(PlayerSession session) {
        return session.state == SessionState.PENDING_REPLAY && !session.quits;
    }

    /** Of this one nothing was stored. When that of others is, again and again, the fault is in what he was saved with. */
    private void notTaken(PlayerSession session) {
        Instant now = world.now();
        if (notStoredSince == null) {
            notStoredSince = now;
        }
        session.askAgain = now.plus(world.settings.timing().database());
        session.differsSince = now;
        if (session.notStored > 1 && takes > session.takesThen) {
            session.othersStored++;
        }
        session.takesThen = takes;
        if (session.othersStored >= MOST_REFUSALS) {
            giveUp(session);
        }
    }

    /** What he is saved with is kept for the operator: a database may refuse one player for a reason of its own. */
    private void giveUp(PlayerSession session) {
        world.outside.violated(new Violation(
                session.server,
                MapToChar.SAVE_CHARACTER,
                session.account,
                Violation.Kind.NOT_TAKEN,
                "the char-server's database takes what others are saved with, and not this"));
        world.outside.setAside(session.character);
        forget(session);
    }

    private void forget(PlayerSession session) {
        session.notStored = 0;
        session.othersStored = 0;
        session.sent = null;
        proven(session);
    }

    private void replayed(long number) {
        List<PlayerSession> left =
                unproven.stream().filter(session -> session.notStored > 0).toList();
        boolean complete = left.isEmpty() && strays.values().stream().noneMatch(stray -> stray.notStored);
        if (!complete && !(replayTaken && replays >= MOST_REFUSALS)) {
            notStoredSince = notStoredSince == null ? world.now() : notStoredSince;
            return;
        }
        notStoredSince = null;
        left.forEach(this::giveUp);
        prove(number, true);
        for (Stray stray : strays.values()) {
            stray.saves
                    .record()
                    .ifPresent(save -> put(new SaveCharacter(save).quit(true).packet()));
            world.outside.applied(stray.character);
        }
        strays.clear();
        announce();
    }

    private void prove(long number, boolean compared) {
        for (PlayerSession session : List.copyOf(unproven)) {
            boolean known = compared || !(isComparable(session) || notStoredSince != null);
            if (session.provenBy <= number && known && session.notStored == 0) {
                proven(session);
            }
        }
    }

    private void proven(PlayerSession session) {
        unproven.remove(session);
        boolean gone = session.state == SessionState.PENDING_REPLAY;
        if (session.quits) {
            session.quits = false;
            put(session.pending
                    .record()
                    .map(last -> new SaveCharacter(last).quit(true).packet())
                    .orElseGet(() -> offline(session)));
        }
        stored(session);
        if (session.changeWaits) {
            session.changeWaits = false;
            sendChange(session);
        }
        if (gone && !session.acknowledged) {
            finished(session);
        }
    }

    /** Everything of one who is gone is stored. */
    private void finished(PlayerSession session) {
        if (session.awaitsAck) {
            world.serverOf(session)
                    .ifPresent(server -> server.send(
                            SaveAck.of(session.account, session.character).packet()));
        }
        session.acknowledged = true;
        world.end(session);
    }

    /**
     * Whether the char-server's record of him would show that it was stored. Only of one whom it takes for online, or who is
     * set offline behind the question.
     */
    private static boolean isComparable(PlayerSession session) {
        return isAsked(session) && (session.isChanged() || !session.itemsRefused.isEmpty() || session.notStored > 0);
    }

    private static boolean isAsked(PlayerSession session) {
        return session.sent != null
                && (session.state == SessionState.PLAYING
                        || session.state == SessionState.PENDING_REPLAY
                        || session.changeWaits);
    }

    /** Since when the char-server's database does not take what is saved; empty when it does, as far as is known. */
    Optional<Instant> notStoredSince() {
        return Optional.ofNullable(notStoredSince);
    }

    /** Asks whether what was sent is stored: for one player, who stands for all before him. */
    private void check() {
        Instant now = world.now();
        List<PlayerSession> comparable =
                unproven.stream().filter(Upstream::isComparable).toList();
        if (comparable.isEmpty()) {
            keepAlive();
            return;
        }
        boolean urgent = comparable.stream().anyMatch(session -> session.quits && session.notStored == 0);
        if (!urgent && now.isBefore(checked.plus(CHECK_EVERY))) {
            return;
        }
        comparable.stream()
                .filter(session -> session.notStored == 0 || !now.isBefore(session.askAgain))
                .findFirst()
                .ifPresent(session -> {
                    checked = now;
                    if (session.notStored > 0) {
                        putAll(session, session.pending.inOrder(), save -> false);
                        sentFor(session);
                    }
                    // The next question is about somebody else.
                    unproven.remove(session);
                    unproven.add(session);
                    ask(session);
                    if (isOffline(session)) {
                        session.pending
                                .record()
                                .ifPresent(last ->
                                        put(new SaveCharacter(last).quit(true).packet()));
                    }
                });
    }

    /** An operator wants to know now; whether anything waits. */
    boolean release(int character) {
        checked = Instant.MIN;
        world.sessions.character(character).ifPresent(session -> session.askAgain = Instant.MIN);
        return waits(character);
    }

    /** An operator gives up what waits; whether anything did. */
    boolean discard(int character) {
        boolean waited = waits(character);
        Stray stray = strays.remove(character);
        if (stray != null) {
            put(Presence.offline(stray.account, character).packet());
        }
        PlayerSession session = world.sessions.character(character).orElse(null);
        if (session == null || session.pending.isEmpty()) {
            world.outside.applied(character);
        } else {
            forget(session);
        }
        return waited;
    }

    private boolean waits(int character) {
        return strays.containsKey(character)
                || world.sessions
                        .character(character)
                        .filter(session -> !session.pending.isEmpty())
                        .isPresent();
    }

    /** Who comes anew, here or on core, was let in with what is stored: what was saved of him before must not come after it. */
    void superseded(PlayerSession before, int character) {
        unproven.remove(before);
        if (before.character == character && !before.pending.isEmpty()) {
            boolean isStored = before.sent != null && before.sent.equals(before.stored);
            if (before.pending.record().isPresent() && !isStored) {
                world.outside.setAside(character);
            } else {
                world.outside.applied(character);
            }
            before.pending.clear();
        }
    }

    /** Who is in play no longer, and who came anew. */
    private void dropSuperseded() {
        for (PlayerSession session : List.copyOf(unproven)) {
            if (!isCurrent(session)) {
                unproven.remove(session);
                if (world.sessions.character(session.character).isEmpty()) {
                    stored(session);
                }
            }
        }
        if (notStoredSince != null && unproven.stream().noneMatch(session -> session.notStored > 0)) {
            // Whoever showed it is gone: it is looked at anew.
            notStoredSince = null;
            sendAgain();
        }
    }

    private void announce() {
        become(State.ANNOUNCING);
        List<PlayerSession> ours = world.sessions.where(PlayerSession::isInPlayHere);
        put(users(ours));
        world.sessions.where(PlayerSession::isInPlay).forEach(session -> put(online(session)));
        put(MapList.of(world.eligibleMaps()).packet());
    }

    /** Our maps are announced: what has waited goes on. */
    void mapsAccepted(Packet packet) {
        greeting.accepted(packet);
        if (state != State.ANNOUNCING) {
            return;
        }
        become(State.UP);
        wasUp = true;
        for (PlayerSession session : world.sessions.where(any -> true)) {
            // Groups that came after the replay.
            if (!session.pending.isEmpty()) {
                putAll(session, session.pending.inOrder(), save -> false);
                session.quits = session.state == SessionState.PENDING_REPLAY;
                sentFor(session);
            }
            if (session.state == SessionState.PLAYING && session.party != 0 && session.partyMove != null) {
                put(session.partyMove.copy());
            }
            while (state == State.UP && !session.waiting.isEmpty()) {
                Packet request = session.waiting.remove();
                put(request);
                sent(session, request);
            }
        }
    }

    // ---- time ----

    void tick() {
        MuxSettings.Timing timing = world.settings.timing();
        Instant now = world.now();
        switch (state) {
            case DOWN -> {
                if (!now.isBefore(since.plus(timing.retry()))) {
                    dial();
                }
            }
            case DIALING, CLOSING -> {
                // Ends by itself.
            }
            case LOGGING_IN, REPLAYING, ANNOUNCING -> {
                Duration allowed = state == State.REPLAYING ? timing.replay() : timing.silence();
                if (!now.isBefore(since.plus(allowed))) {
                    close("the char-server does not answer the login");
                } else if (state == State.REPLAYING && notStoredSince != null && checks.isEmpty() && isRetryDue(now)) {
                    replay();
                } else if (state == State.REPLAYING && isKeepAliveDue(now)) {
                    // A replay may take minutes; a forwarder cuts a link on which nothing is sent for 4 s.
                    keepAlive();
                }
            }
            case UP -> {
                dropSuperseded();
                Barrier oldest = keepAlives.peek();
                if (oldest != null && !now.isBefore(oldest.at.plus(timing.silence()))) {
                    close("the char-server does not answer keep-alives");
                } else if (!now.isBefore(since.plus(timing.keepAlive()))) {
                    since = now;
                    keepAlive();
                } else if (oldest == null && checks.isEmpty() && !unproven.isEmpty()) {
                    // The sooner it is known, the less is replayed after a restart.
                    check();
                }
            }
        }
    }

    private boolean isRetryDue(Instant now) {
        return !now.isBefore(checked.plus(world.settings.timing().database()));
    }

    private boolean isKeepAliveDue(Instant now) {
        Barrier last = keepAlives.peekLast();
        return last == null
                || !now.isBefore(last.at.plus(world.settings.timing().keepAlive()));
    }

    /** The number of the keep-alive: its answer comes behind everything sent before it. */
    private long keepAlive() {
        if (wire != null) {
            keepAlives.add(new Barrier(++barriers, world.now()));
            put(KeepAlive.request());
        }
        return barriers;
    }

    // ---- packets ----

    static Packet online(PlayerSession session) {
        return Presence.online(session.account, session.character).packet();
    }

    static Packet offline(PlayerSession session) {
        return Presence.offline(session.account, session.character).packet();
    }

    private static Packet users(Collection<PlayerSession> sessions) {
        return OnlineUsers.of(sessions.stream()
                        .map(session -> new OnlineUsers.Player(session.account, session.character))
                        .toList())
                .packet();
    }

    /** Sending may end the connection, and with it what else was to be sent: all of that is sent again after the next login. */
    private void put(Packet packet) {
        Wire open = wire;
        if (open != null) {
            open.send(packet);
        }
    }
}
