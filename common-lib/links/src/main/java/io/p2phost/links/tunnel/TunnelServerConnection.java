package io.p2phost.links.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.LinkConnection;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.tls.PeerIdentity;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One tunnel on the relay: secured, hello, admitted, then established. */
final class TunnelServerConnection extends LinkConnection implements Tunnel {
    private final TunnelServer server;
    private volatile @Nullable HostId host;
    private boolean helloSeen;

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
            case Frame.Ready ready ->
                server.listener().ready(this, ready.map(), ready.epoch(), ready.ready(), ready.detail());
            case Frame.GoAway away -> end(CloseReason.GOING_AWAY, false);
            default -> throw ProtocolException.UNEXPECTED;
        }
    }

    private void hello(Frame.Hello hello) {
        peerWindow(hello.window());
        if (hello.version() != Frame.VERSION) {
            refuse(GoAwayCode.VERSION);
            return;
        }
        server.authoriser().authorise(host()).whenComplete((refusal, failure) -> {
            // The verdict comes from another thread; the connection may be over by then.
            onLoop(() -> judged(failure == null ? refusal : Optional.of(GoAwayCode.OVERLOADED)));
        });
    }

    private void judged(Optional<GoAwayCode> refusal) {
        if (isEnded()) {
            return;
        }
        if (server.isClosed()) {
            refuse(GoAwayCode.SHUTDOWN);
        } else if (refusal.isPresent()) {
            metrics().dropped(DropReason.UNAUTHORISED);
            refuse(refusal.get());
        } else {
            send(new Frame.Welcome(
                    Frame.VERSION, settings().streamWindow(), server.options().relayId()));
            establish();
            if (isEnded()) {
                return;
            }
            server.established(this, host());
            server.listener().connected(this);
        }
    }

    private void refuse(GoAwayCode code) {
        endWith(new Frame.GoAway(code, ""), CloseReason.REFUSED);
    }

    /** Ends the tunnel from any thread. */
    void cut(GoAwayCode code, CloseReason reason) {
        onLoop(() -> endWith(new Frame.GoAway(code, ""), reason));
    }

    @Override
    protected void ended(CloseReason reason, boolean wasEstablished) {
        server.gone(this, host);
        if (wasEstablished) {
            server.listener().lost(this, reason);
        }
    }

    // ---- Tunnel ----

    @Nullable
    HostId hostOrNull() {
        return host;
    }

    @Override
    public HostId host() {
        HostId known = host;
        if (known == null) {
            throw new IllegalStateException("tunnel: not secured yet (expected: after the handshake)");
        }
        return known;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return peerAddress();
    }

    @Override
    public void assign(MapName map, Epoch epoch, CellRole role) {
        onLoop(() -> send(new Frame.Assign(map, epoch, role)));
    }

    @Override
    public void fence(MapName map, Epoch currentEpoch) {
        onLoop(() -> {
            send(new Frame.Fenced(map, currentEpoch));
            resetStreams(map, currentEpoch, ResetCode.FENCED);
        });
    }

    @Override
    public void open(MapName map, Epoch epoch, int source, StreamListener streamListener) {
        if (!SourceAddress.isLegal(source)) {
            throw new IllegalArgumentException("source: " + source + " (expected: 0, or of 127.64.0.0/10)");
        }
        openStream(map, epoch, source, streamListener);
    }
}
