package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.ItemKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One player in play, as this service knows him: the only source of what is told about him in either direction. */
final class PlayerSession {
    static final long NOTHING = -1;
    private static final Duration FINISHING = Duration.ofSeconds(2);

    final int account;
    final int character;

    // As the char-server gave them.
    int loginId1;
    int loginId2;
    int sex;
    int expiration;
    int group;
    int clientIp;
    String name;

    SessionState state;
    /** Who has him, or will; its epoch is that of the map at the time. */
    ServerKey server;

    MapName map;
    int x;
    int y;
    int party;
    int guild;
    /** Grows with everything that ends a server's right to write him. */
    long number;

    /** The relay that holds his connection; null on core, and on the reserve when no relay can read what he sends. */
    @Nullable
    String relay;

    /** Record of the newest accepted save group, else as it was fetched: {@code mmo_charstatus}. */
    byte[] record;

    /** Numbers of pets and the like that are his. */
    OwnCompanions companions = new OwnCompanions();

    /** What there is to be confirmed among his items. */
    RareStock rare = new RareStock();

    final SessionImage image = new SessionImage();
    final PendingSaves pending = new PendingSaves();
    final SaveAssembly assembly = new SaveAssembly();
    /** Requests that wait for the char-server; bounded. */
    final Deque<Packet> waiting = new ArrayDeque<>();

    /** The server change under way, with the real session ids: sent again to a char-server that came back. */
    @Nullable
    Packet change;

    /** It is not sent before what he was saved with is stored. */
    boolean changeWaits;

    /** Which keep-alive's answer proves that the char-server has read what was sent for him. */
    long provenBy;

    /** His record as it was last sent to the char-server, and as its database is known to have it. */
    @Nullable
    Stored sent;

    @Nullable
    Stored stored;

    /** Items that the char-server could not store. */
    final Set<ItemKind> itemsRefused = EnumSet.noneOf(ItemKind.class);
    /** How often in a row what he was saved with was found not to be stored; when that is looked at again. */
    int notStored;

    Instant askAgain = Instant.MIN;
    /** In how many of the pauses between that of others was stored; how often that was so before. */
    int othersStored;

    long takesThen;
    /** From when on the char-server's copy is known to differ from what was sent then, if that is not stored. */
    Instant differsSince = Instant.MIN;

    /** His final save is in what was sent; that it is final is said once the rest is known to be stored. */
    boolean quits;

    Instant since;
    /** The player asked for character select himself, as the relay saw. */
    Instant restartSeen = Instant.MIN;
    /** Whether status changes and cooldowns were delivered: before that, a server that saves them would delete them. */
    boolean statusDelivered;
    /** He was still loading when this service ended: what he asked for then nobody answers, and he does not ask again. */
    boolean wasLoading;
    /** Since when his next save would show that he is through; null: nobody is there to send it. */
    @Nullable
    Instant waitsSince;

    /** A save of him was not taken since the last one that was: the next may hold what he gained in longer. */
    boolean unsaved;

    /** The char-server's word that he comes from another server. */
    boolean moving;

    /** Where he leaves from while the char-server has not answered his server change. */
    @Nullable
    Origin origin;

    /** His last server did not save him when he went from it. */
    boolean crashed;
    /** What ends by itself is answered from what is known here: the char-server has it as it was when he came. */
    boolean timedFromImage;

    /** Loads that the char-server has not answered, one of each kind. */
    final Map<Integer, Packet> asked = new LinkedHashMap<>();

    /** Loads of items to which the char-server said no, one of each kind: its database is away, and it is asked again. */
    final Map<Integer, Packet> refusedLoads = new LinkedHashMap<>();
    /** When it is asked again. */
    Instant loadAgain = Instant.MIN;
    /** Until when; what it says then is the answer. */
    Instant loadAgainUntil = Instant.MIN;

    /** His last word to his party about where he is (3025); a char-server that came back knows nothing of it. */
    @Nullable
    Packet partyMove;

    /** His relay was told to move him; he himself does not know that he moves. */
    boolean handedOver;

    Instant relayTold = Instant.MIN;
    /** The session's number when his relay was last told of him; a word of his end that names another is old. */
    long relayKnows = NOTHING;

    /** His connection at the relay is gone: his server's final save is his last. */
    boolean connectionGone;

    Instant goneSince = Instant.MIN;
    /** His variables were delivered: before that, a stock map-server whose client goes says nothing of it. */
    boolean variablesDelivered;

    /** His server lets him go with his final save, to be had by another. */
    boolean releasing;

    /** His server let him go and nobody had asked it to: his relay's word that he is gone is waited for. */
    boolean unasked;
    /** How often his relay did not hear of it. */
    int untold;

    /** The relay through which he is to go on, because his own does not reach his server; null: his own. */
    Outside.@Nullable Front front;

    /** Since when his server has been asked for him, because his relay does not reach him there; null: it has not. */
    @Nullable
    Instant recalledSince;

    /** His relay asks where he is although a server has him; null: it does not. */
    @Nullable
    Missed missed;

    /** Where he goes on when his server has let him go; null: on the map that he is on. */
    @Nullable
    Place next;

    /** Who had him until just now: what follows a last save may still be on its way. */
    private @Nullable ServerKey finisher;

    private Instant finished = Instant.MIN;
    /** The char-server has his final save. */
    boolean acknowledged;
    /** His server waits for the word that his final save is taken. */
    boolean awaitsAck;
    /** His final save was not confirmed and is lost with this service's memory: his server sends it again. */
    boolean finalSaveLost;

    /** How many of his save groups were accepted here, and how many of them are safe. */
    long saves;

    private long safe;

    /** What waits for his newest save to be safe: in the journal, or read by the char-server. */
    private Runnable onceSaved = () -> {};

    @Nullable
    Instant kickedAt;

    /** A cell of a map. */
    record Place(MapName map, int x, int y) {}

    /**
     * The relay has no map-server for him.
     *
     * @param since when it asked first
     * @param last when it asked again
     */
    record Missed(Instant since, Instant last) {}

    /** A server that a player leaves. */
    record Origin(ServerKey server, MapName map) {}

    PlayerSession(
            int account,
            int character,
            SessionState state,
            ServerKey server,
            MapName map,
            byte[] record,
            String name,
            Instant now) {
        this.account = account;
        this.character = character;
        this.state = state;
        this.server = server;
        this.map = map;
        this.record = record;
        this.name = name;
        this.since = now;
    }

    void become(SessionState next, Instant now) {
        state = next;
        since = now;
    }

    /** Whether the char-server was sent a record that its database is not known to have. */
    boolean isChanged() {
        return sent != null && !sent.equals(stored);
    }

    void onceSaved(Runnable action) {
        onceSaved = action;
    }

    /** Whether what was accepted of him would outlive this process. */
    boolean isSafe() {
        return safe == saves;
    }

    /** What was accepted of him is safe. */
    void saved() {
        safe = saves;
        Runnable action = onceSaved;
        onceSaved = () -> {};
        action.run();
    }

    /** Whether that server may write this player now. */
    boolean isWrittenBy(ServerKey candidate) {
        boolean mayBeWritten = state == SessionState.PLAYING || state == SessionState.QUITTING || finalSaveLost;
        return mayBeWritten && server.equals(candidate);
    }

    /** His server has sent its last save of him. */
    void finishedBy(ServerKey candidate, Instant now) {
        finisher = candidate;
        finished = now;
    }

    /**
     * Whether that server may still send what follows its last save of him (quests, pets and the like); a stock map-server
     * sends these behind the record.
     */
    boolean isFinishedBy(ServerKey candidate, Instant now) {
        return candidate.equals(finisher)
                && state != SessionState.PLAYING
                && state != SessionState.CORE
                && isFinishing(now);
    }

    /** Whether he is on his way from that server to another. */
    boolean hasLeft(ServerKey candidate) {
        return candidate.equals(finisher) && (state == SessionState.HANDOVER || state == SessionState.LEAVING);
    }

    boolean isFinishing(Instant now) {
        return finisher != null && now.isBefore(finished.plus(FINISHING));
    }

    /** Whether the char-server should think that he is online. */
    boolean isInPlay() {
        return state != SessionState.PENDING_REPLAY;
    }

    /** Whether the char-server should think that he is online on our link. */
    boolean isInPlayHere() {
        return isInPlay() && state != SessionState.CORE;
    }

    /** His map-server let him in by itself: no relay reads his packets, so he stays on the VPS whoever owns his map. */
    boolean isDirect() {
        return relay == null && server.equals(ServerKey.RESERVE);
    }

    /** Whether he is on his way to core; if so from a server behind us. */
    boolean isLeavingForCore() {
        return state == SessionState.LEAVING && relay != null;
    }

    /**
     * Whether his map-server has him as he is: told to save him before, it saves a dead man. A stock one asks for status
     * changes once it has worked him out.
     */
    boolean isLoaded() {
        return state == SessionState.PLAYING && statusDelivered;
    }

    /** Whether nobody has him but somebody is about to. */
    boolean isAwaited() {
        return state == SessionState.ARRIVING || state == SessionState.HANDOVER;
    }
}
