package io.p2phost.links.tunnel;

import io.netty.util.concurrent.Future;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Backoff;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.Place;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.KeptStreams;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a host's tunnel, and what takes its place: when it breaks, when nothing is heard for half of the
 * lease, and when its keys are old. The next is made first, then it takes the streams over. On the client's loop, where
 * not said otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the schedule ends with the loop
final class ClientLane {
    /** A connection that lasted this long was good: the next loss is retried at once again. */
    private static final Duration STABLE_AFTER = Duration.ofSeconds(5);

    private final TunnelClient client;
    private final Place place;
    private final Backoff backoff;
    private volatile @Nullable TunnelClientConnection standing;
    private volatile @Nullable KeptStreams kept;
    private @Nullable KeptStreams spent;
    private @Nullable TunnelClientConnection attempt;
    private @Nullable Future<?> nextAttempt;
    private ResumeToken token = ResumeToken.NONE;
    private long connectedAt;
    private boolean over;

    ClientLane(TunnelClient client, Place place) {
        this.client = client;
        this.place = place;
        this.backoff = client.newBackoff();
    }

    Place place() {
        return place;
    }

    /** The one that works now. Any thread. */
    @Nullable
    TunnelClientConnection standing() {
        return standing;
    }

    /** Streams open now, those that wait included. Any thread. */
    int streams() {
        TunnelClientConnection connection = standing;
        KeptStreams waiting = kept;
        return connection != null ? connection.streams() : waiting != null ? waiting.size() : 0;
    }

    /** As {@link #streams()}, of one map. Any thread. */
    int streams(MapName map) {
        TunnelClientConnection connection = standing;
        KeptStreams waiting = kept;
        return connection != null ? connection.streams(map) : waiting != null ? waiting.size(map) : 0;
    }

    void drop(MapName map, Epoch below, ResetCode code) {
        TunnelClientConnection connection = standing;
        KeptStreams waiting = kept;
        if (connection != null) {
            connection.drop(map, below, code);
        } else if (waiting != null) {
            waiting.resetAll(map, below, code);
        }
    }

    /** Makes a connection, the first or one that takes the place of the one there is. */
    void connect() {
        cancelNextAttempt();
        if (!over && !client.isClosed() && attempt == null) {
            TunnelClientConnection connection = new TunnelClientConnection(client, this);
            attempt = connection;
            client.dial(connection);
        }
    }

    private void connectAfter(long millis) {
        cancelNextAttempt();
        nextAttempt = client.later(this::connect, millis);
    }

    private void cancelNextAttempt() {
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
            nextAttempt = null;
        }
    }

    // ---- for its connections ----

    /** What a connection shows in its hello. */
    ResumeToken shows() {
        return standing == null && kept == null ? client.tokenFor(place) : token;
    }

    /** The token of the one that works or waits, or none. */
    ResumeToken token() {
        return standing == null && kept == null ? ResumeToken.NONE : token;
    }

    /** The relay lets that one take over: the streams there are, or were until just now; null when there never were. */
    @Nullable
    KeptStreams takeOver() {
        TunnelClientConnection before = standing;
        KeptStreams waiting = kept;
        standing = null;
        kept = null;
        return before != null ? before.handOver() : waiting != null ? waiting : spent;
    }

    /** That one works. */
    void established(TunnelClientConnection connection, Frame.Welcome welcome) {
        attempt = null;
        if (client.isClosed() || over) {
            connection.leave();
            return;
        }
        if (!welcome.resumed()) {
            TunnelClientConnection before = standing;
            standing = null;
            loseKept();
            if (before != null) {
                before.leave();
            }
        }
        spent = null;
        token = welcome.token();
        standing = connection;
        connectedAt = client.nanoTime().getAsLong();
        connectAfter(client.untilKeyChange(welcome.keyMillis()));
        client.established(this, welcome);
    }

    boolean keeps(CloseReason reason, @Nullable GoAwayCode code) {
        return !client.isClosed()
                && !over
                && (reason == CloseReason.PEER_CLOSED
                        || reason == CloseReason.PEER_ENDED
                        || reason == CloseReason.SILENT
                        || code == GoAwayCode.RESTARTING
                        // Another one of ours did, and its welcome is still on the way or was lost.
                        || code == GoAwayCode.REPLACED);
    }

    /** The streams of the connection that broke; they are lost after a while. */
    void keep(KeptStreams streams) {
        kept = streams;
        streams.after(client.options().resumeWithin(), () -> {
            if (kept == streams) {
                loseKept();
            }
        });
    }

    private void loseKept() {
        KeptStreams waiting = kept;
        if (waiting != null) {
            kept = null;
            spent = waiting;
            waiting.lose();
        }
    }

    /** Nothing was heard from it for half of the lease: the relay may be found on another way. */
    void quiet(TunnelClientConnection connection) {
        if (connection == standing) {
            connect();
        }
    }

    void ended(TunnelClientConnection connection, CloseReason reason, @Nullable GoAwayCode code) {
        boolean atOnce = connection == standing && code == GoAwayCode.RESTARTING;
        if (code == GoAwayCode.RESTARTING) {
            // Its streams wait for a few seconds only: however often it was lost before, it does not take its time now.
            backoff.reset();
        }
        if (connection == attempt) {
            attempt = null;
            if (code == GoAwayCode.NO_SUCH_TUNNEL) {
                loseKept();
            }
        } else if (connection == standing) {
            standing = null;
            if (reason == CloseReason.SILENT && attempt != null) {
                // It was made into the same silence.
                attempt.giveUp();
            }
            if (client.nanoTime().getAsLong() - connectedAt >= STABLE_AFTER.toNanos()) {
                backoff.reset();
            }
        } else {
            return;
        }
        if (over || client.isClosed()) {
            return;
        }
        if (place == Place.BESIDE && standing == null && kept == null) {
            client.without(this);
            return;
        }
        long delay = atOnce
                ? 0
                : code == GoAwayCode.BLACKLISTED ? client.options().maxRetry().toMillis() : backoff.nextMillis();
        if (place == Place.LEADS && standing == null) {
            client.listener().disconnected(reason, Duration.ofMillis(delay));
        }
        if (attempt == null) {
            connectAfter(delay);
        }
    }

    /** Says goodbye; nothing of it is kept. */
    void close() {
        over = true;
        cancelNextAttempt();
        TunnelClientConnection connection = standing;
        standing = null;
        if (connection != null) {
            connection.leave();
        }
        loseKept();
    }
}
