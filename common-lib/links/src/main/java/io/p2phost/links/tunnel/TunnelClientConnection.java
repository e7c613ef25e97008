package io.p2phost.links.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkConnection;
import io.p2phost.links.tls.PeerIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One tunnel on the host: secured, hello, welcomed, then established. */
final class TunnelClientConnection extends LinkConnection {
    private static final PeerIdentity RELAY = new PeerIdentity.Service(ServiceName.RELAY);

    private final TunnelClient client;
    private @Nullable GoAwayCode goAway;

    TunnelClientConnection(TunnelClient client) {
        super(client.options().settings(), client.metrics(), client.nanoTime());
        this.client = client;
    }

    @Override
    protected boolean secured(Optional<PeerIdentity> peer) {
        if (!peer.equals(Optional.of(RELAY))) {
            return false;
        }
        send(new Frame.Hello(
                Frame.VERSION, settings().streamWindow(), client.options().software()));
        return true;
    }

    @Override
    protected void beginning(Frame frame) {
        switch (frame) {
            case Frame.Welcome welcome -> welcome(welcome);
            case Frame.GoAway away -> goAway(away);
            default -> throw ProtocolException.UNEXPECTED;
        }
    }

    @Override
    protected void control(Frame frame) {
        switch (frame) {
            case Frame.Assign assign -> client.listener().assign(assign.map(), assign.epoch(), assign.role());
            case Frame.Fenced fenced -> client.listener().fenced(fenced.map(), fenced.currentEpoch());
            case Frame.GoAway away -> goAway(away);
            default -> throw ProtocolException.UNEXPECTED;
        }
    }

    private void welcome(Frame.Welcome welcome) {
        if (welcome.version() != Frame.VERSION) {
            throw ProtocolException.UNEXPECTED;
        }
        peerWindow(welcome.window());
        establish();
        client.established(this, welcome.relayId());
    }

    private void goAway(Frame.GoAway away) {
        goAway = away.code();
        client.listener().goAway(away.code());
        end(isEstablished() ? CloseReason.GOING_AWAY : CloseReason.REFUSED, false);
    }

    @Override
    protected void open(Frame.Open frame) {
        switch (client.listener().open(frame.map(), frame.epoch())) {
            case OpenAnswer.Reject rejected -> refuse(frame, rejected.code());
            case OpenAnswer.Accept accepted -> forward(frame, client.dialer(), accepted.cell());
        }
    }

    @Override
    protected void targetUnreachable(Frame.Open frame) {
        client.listener().cellUnreachable(frame.map(), frame.epoch());
    }

    /** Resets the map's streams below an epoch, from any thread. */
    void drop(MapName map, Epoch below, ResetCode code) {
        if (!isEnded()) {
            onLoop(() -> {
                if (!isEnded()) {
                    resetStreams(map, below, code);
                }
            });
        }
    }

    /** Sends from any thread; false when the tunnel is over. */
    boolean tell(Frame frame) {
        return !isEnded() && onLoop(() -> send(frame));
    }

    /** Says goodbye. Event loop only. */
    void leave() {
        endWith(new Frame.GoAway(GoAwayCode.SHUTDOWN, ""), CloseReason.SHUTDOWN);
    }

    @Override
    protected void ended(CloseReason reason, boolean wasEstablished) {
        client.ended(this, reason, wasEstablished, goAway);
    }
}
