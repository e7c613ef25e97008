package io.p2phost.links.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.Place;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.LinkConnection;
import io.p2phost.links.tls.PeerIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a tunnel on the host: secured, hello, welcomed, then established. */
final class TunnelClientConnection extends LinkConnection {
    private static final PeerIdentity RELAY = new PeerIdentity.Service(ServiceName.RELAY);

    private final TunnelClient client;
    private final ClientLane lane;
    private @Nullable GoAwayCode goAway;

    TunnelClientConnection(TunnelClient client, ClientLane lane) {
        super(client.options().settings(), client.metrics(), client.nanoTime());
        this.client = client;
        this.lane = lane;
    }

    @Override
    protected boolean secured(Optional<PeerIdentity> peer) {
        if (!peer.equals(Optional.of(RELAY))) {
            return false;
        }
        send(new Frame.Hello(
                Frame.VERSION,
                settings().streamWindow(),
                lane.place(),
                lane.shows(),
                client.options().software()));
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
        if (frame instanceof Frame.GoAway away) {
            goAway(away);
            return;
        }
        if (lane.place() != Place.LEADS) {
            throw ProtocolException.UNEXPECTED;
        }
        switch (frame) {
            case Frame.Assign assign -> client.listener().assign(assign.map(), assign.epoch(), assign.role());
            case Frame.Fenced fenced -> client.listener().fenced(fenced.map(), fenced.currentEpoch());
            default -> throw ProtocolException.UNEXPECTED;
        }
    }

    private void welcome(Frame.Welcome welcome) {
        if (welcome.version() != Frame.VERSION) {
            throw ProtocolException.UNEXPECTED;
        }
        if (welcome.resumed()) {
            KeptStreams kept = lane.takeOver();
            if (kept == null) {
                throw ProtocolException.UNEXPECTED;
            }
            adopt(kept);
        }
        peerWindow(welcome.window());
        resumable(true);
        establish();
        if (welcome.resumed()) {
            resume();
        }
        lane.established(this, welcome);
    }

    private void goAway(Frame.GoAway away) {
        goAway = away.code();
        boolean replacedByOurs = isEstablished() && away.code() == GoAwayCode.REPLACED;
        if (lane.place() == Place.LEADS && !replacedByOurs) {
            client.listener().goAway(away.code());
        }
        end(isEstablished() ? CloseReason.GOING_AWAY : CloseReason.REFUSED, false);
    }

    @Override
    protected void open(Frame.Open frame) {
        switch (client.listener().open(frame.map(), frame.epoch())) {
            case OpenAnswer.Reject rejected -> refuse(frame, rejected.code());
            case OpenAnswer.Accept accepted -> {
                forward(frame, client.dialer(), client.places(), accepted.cell());
                client.mayJoin();
            }
        }
    }

    @Override
    protected void targetUnreachable(Frame.Open frame) {
        client.listener().cellUnreachable(frame.map(), frame.epoch());
    }

    @Override
    protected void quiet() {
        lane.quiet(this);
    }

    @Override
    protected boolean keeps(CloseReason reason) {
        return lane.keeps(reason, goAway);
    }

    @Override
    protected void kept(KeptStreams streams) {
        lane.keep(streams);
    }

    /** Ends this connection for a newer one, which goes on with its streams. */
    KeptStreams handOver() {
        return handOver(new Frame.GoAway(GoAwayCode.REPLACED, ""), CloseReason.REPLACED);
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

    /** Sends from any thread; false when the connection is over. */
    boolean tell(Frame frame) {
        return !isEnded() && onLoop(() -> send(frame));
    }

    /** Says goodbye. Event loop only. */
    void leave() {
        endWith(new Frame.GoAway(GoAwayCode.SHUTDOWN, ""), CloseReason.SHUTDOWN);
    }

    /** It takes too long. Event loop only. */
    void giveUp() {
        end(CloseReason.TIMEOUT, true);
    }

    @Override
    protected void ended(CloseReason reason, boolean wasEstablished) {
        lane.ended(this, reason, goAway);
    }
}
