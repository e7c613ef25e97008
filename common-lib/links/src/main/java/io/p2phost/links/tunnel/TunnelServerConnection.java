package io.p2phost.links.tunnel;

import io.netty.channel.EventLoop;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.Place;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.LinkConnection;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.mux.Tokens;
import io.p2phost.links.tls.PeerIdentity;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a tunnel on the relay: secured, hello, admitted, then established. */
final class TunnelServerConnection extends LinkConnection {
    private final TunnelServer server;
    private volatile @Nullable HostId host;
    private HostTunnel.@Nullable Lane lane;
    private boolean helloSeen;
    private ResumeToken asked = ResumeToken.NONE;
    private ResumeToken token = ResumeToken.NONE;

    TunnelServerConnection(TunnelServer server) {
        super(server.options().settings(), server.metrics(), server.nanoTime());
        this.server = server;
    }

    @Override
    protected boolean secured(Optional<PeerIdentity> peer) {
        if (peer.isPresent() && peer.get() instanceof PeerIdentity.Host known) {
            host = known.id();
            server.known(this);
            return true;
        }
        return false;
    }

    @Override
    protected void beginning(Frame frame) {
        if (helloSeen || !(frame instanceof Frame.Hello hello)) {
            throw ProtocolException.UNEXPECTED;
        }
        helloSeen = true;
        hello(hello);
    }

    @Override
    protected void control(Frame frame) {
        switch (frame) {
            case Frame.Ready ready -> ready(ready);
            case Frame.GoAway away -> end(CloseReason.GOING_AWAY, false);
            default -> throw ProtocolException.UNEXPECTED;
        }
    }

    private void ready(Frame.Ready ready) {
        if (lane == null || !lane.leads()) {
            throw ProtocolException.UNEXPECTED;
        }
        server.listener().ready(lane.tunnel(), ready.map(), ready.epoch(), ready.ready(), ready.detail());
    }

    private void hello(Frame.Hello hello) {
        peerWindow(hello.window());
        if (hello.version() != Frame.VERSION) {
            refuse(GoAwayCode.VERSION);
            return;
        }
        server.authoriser().authorise(host()).whenComplete((refusal, failure) -> {
            // The verdict comes from another thread; the connection may be over by then.
            onLoop(() -> judged(hello, failure == null ? refusal : Optional.of(GoAwayCode.OVERLOADED)));
        });
    }

    private void judged(Frame.Hello hello, Optional<GoAwayCode> refusal) {
        if (isEnded()) {
            return;
        }
        if (server.isClosed()) {
            refuse(GoAwayCode.SHUTDOWN);
        } else if (server.isPaused()) {
            refuse(GoAwayCode.RESTARTING);
        } else if (refusal.isPresent()) {
            metrics().dropped(DropReason.UNAUTHORISED);
            refuse(refusal.get());
        } else {
            admit(hello);
        }
    }

    private void admit(Frame.Hello hello) {
        HostTunnel standing = server.standing(host());
        HostTunnel own = standing != null && standing.inLoop() ? standing : null;
        HostTunnel.Lane place;
        if (hello.place() == Place.BESIDE) {
            place = own == null ? null : own.beside(hello.token());
        } else if (own != null && own.leaderResumedBy(hello.token())) {
            place = own.leader();
        } else {
            place = new HostTunnel(server, host(), (EventLoop) ctx().executor()).leader();
        }
        if (place == null) {
            refuse(GoAwayCode.NO_SUCH_TUNNEL);
        } else {
            take(place, hello);
        }
    }

    private void take(HostTunnel.Lane place, Frame.Hello hello) {
        lane = place;
        KeptStreams kept = place.carriedBy(this);
        if (kept != null) {
            adopt(kept);
            peerWindow(hello.window());
        }
        resumable(true);
        asked = hello.token();
        token = server.newToken();
        send(new Frame.Welcome(
                Frame.VERSION,
                settings().streamWindow(),
                kept != null,
                server.options().connections(),
                (int) server.options().keyChange().toMillis(),
                token,
                server.options().relayId()));
        establish();
        if (kept != null) {
            resume();
        }
        if (isEstablished()) {
            place.works(kept != null);
        }
    }

    /** What this one can be resumed with. The token before serves until the peer is known to have the new one. */
    Tokens tokens() {
        // A host that says what streams it has has read its new token.
        return new Tokens(token, streamsKnown() ? ResumeToken.NONE : asked);
    }

    /** Ends this connection for a newer one, which goes on with its streams. */
    KeptStreams handOver() {
        return handOver(new Frame.GoAway(GoAwayCode.REPLACED, ""), CloseReason.REPLACED);
    }

    /** Ends this connection for one to another process, which goes on with its streams. */
    KeptStreams makeWay() {
        return handOver(new Frame.GoAway(GoAwayCode.RESTARTING, ""), CloseReason.SHUTDOWN);
    }

    @Override
    protected boolean keeps(CloseReason reason) {
        HostTunnel.Lane place = lane;
        return reason == CloseReason.PEER_CLOSED
                && !server.isClosed()
                && place != null
                && !place.tunnel().isOver();
    }

    @Override
    protected void kept(KeptStreams streams) {
        if (lane != null) {
            lane.keep(this, streams);
        }
    }

    private void refuse(GoAwayCode code) {
        endWith(new Frame.GoAway(code, ""), CloseReason.REFUSED);
    }

    /** Ends the connection from any thread. */
    void cut(GoAwayCode code, CloseReason reason) {
        onLoop(() -> endWith(new Frame.GoAway(code, ""), reason));
    }

    @Override
    protected void ended(CloseReason reason, boolean wasEstablished) {
        server.gone(this);
        if (lane != null) {
            lane.ended(this, reason);
        }
    }

    @Nullable
    HostId hostOrNull() {
        return host;
    }

    private HostId host() {
        HostId known = host;
        if (known == null) {
            throw new IllegalStateException("tunnel: not secured yet (expected: after the handshake)");
        }
        return known;
    }

    @Nullable
    SocketAddress remoteAddress() {
        return peerAddress();
    }

    // ---- for the tunnel, on the loop ----

    boolean hasSpoken() {
        return isAnswered();
    }

    void say(Frame frame) {
        send(frame);
    }

    void reset(MapName map, Epoch below) {
        resetStreams(map, below, ResetCode.FENCED);
    }

    void open(MapName map, Epoch epoch, int source, Bytes first, StreamListener streamListener) {
        openStream(map, epoch, source, first, streamListener);
    }
}
