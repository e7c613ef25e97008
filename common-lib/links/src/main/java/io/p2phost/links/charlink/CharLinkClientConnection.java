package io.p2phost.links.charlink;

import io.p2phost.contracts.ServiceName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.LinkConnection;
import io.p2phost.links.mux.Packing;
import io.p2phost.links.mux.StreamPipe;
import io.p2phost.links.tls.PeerIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One char link on the host: secured, hello, accepted, then established. */
final class CharLinkClientConnection extends LinkConnection {
    private static final PeerIdentity DB_PROXY = new PeerIdentity.Service(ServiceName.DB_PROXY);

    /** What db-proxy sends is rare and different each time. */
    private static final int HISTORY = 0;

    private final CharLinkClient client;
    private final int history = Packing.announce(HISTORY);
    private @Nullable KeptStreams offered;

    CharLinkClientConnection(CharLinkClient client) {
        super(client.options().settings(), client.metrics(), client.nanoTime());
        this.client = client;
    }

    @Override
    protected boolean secured(Optional<PeerIdentity> peer) {
        if (!peer.equals(Optional.of(DB_PROXY))) {
            return false;
        }
        CharLinkHello hello = client.options().hello();
        offered = client.kept();
        send(new Frame.LinkHello(
                Frame.VERSION,
                settings().streamWindow(),
                history,
                hello.role(),
                hello.host(),
                offered == null ? ResumeToken.NONE : client.token(),
                hello.map(),
                hello.epoch()));
        return true;
    }

    @Override
    protected void beginning(Frame frame) {
        switch (frame) {
            case Frame.Accepted accepted -> accepted(accepted);
            case Frame.Refused refused -> {
                client.refused(refused.reason(), refused.currentEpoch(), refused.detail());
                end(CloseReason.REFUSED, false);
            }
            case Frame.GoAway away -> end(CloseReason.REFUSED, false);
            default -> throw ProtocolException.UNEXPECTED;
        }
    }

    @Override
    protected void control(Frame frame) {
        switch (frame) {
            case Frame.Fenced fenced -> fenced(fenced);
            case Frame.GoAway away -> end(CloseReason.GOING_AWAY, false);
            default -> throw ProtocolException.UNEXPECTED;
        }
    }

    private void accepted(Frame.Accepted accepted) {
        if (accepted.version() != Frame.VERSION) {
            throw ProtocolException.UNEXPECTED;
        }
        KeptStreams kept = offered;
        if (accepted.resumed()) {
            if (kept == null) {
                throw ProtocolException.UNEXPECTED;
            }
            adopt(kept);
        }
        peerWindow(accepted.window());
        resumable(false);
        packing(accepted.history(), history);
        establish();
        if (accepted.resumed()) {
            resume();
        }
        client.accepted(this, accepted.resumed(), accepted.token());
    }

    /** A process that is gone has nothing to go on with: the cell must not take it for its char-server any longer. */
    @Override
    protected boolean keeps(CloseReason reason) {
        return client.keeps() && (reason == CloseReason.PEER_CLOSED || reason == CloseReason.SILENT);
    }

    @Override
    protected void kept(KeptStreams streams) {
        client.keep(streams);
    }

    private void fenced(Frame.Fenced fenced) {
        if (!fenced.map().equals(client.options().hello().map())) {
            throw ProtocolException.UNEXPECTED;
        }
        client.fenced(fenced.currentEpoch());
        end(CloseReason.FENCED, false);
    }

    /** Joins the cell's connection. */
    void join(StreamPipe cell) {
        CharLinkHello hello = client.options().hello();
        openStream(hello.map(), hello.epoch(), SourceAddress.NONE, Bytes.NONE, cell);
    }

    /** Says goodbye. Event loop only. */
    void leave() {
        endWith(new Frame.GoAway(GoAwayCode.SHUTDOWN, ""), CloseReason.SHUTDOWN);
    }

    @Override
    protected void ended(CloseReason reason, boolean wasEstablished) {
        client.ended(this, reason);
    }
}
