package io.p2phost.links.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.LinkConnection;
import io.p2phost.links.mux.Packing;
import io.p2phost.links.mux.Tokens;
import io.p2phost.links.tls.PeerIdentity;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One char link on db-proxy: secured, hello, judged, then established. */
final class CharLinkServerConnection extends LinkConnection {
    private final CharLinkServer server;
    private volatile @Nullable HostId host;
    private volatile @Nullable CharLinkHello hello;
    private Epoch fencedBelow = Epoch.NONE;
    /** The claim as it came; the one in force may have been promoted since. */
    private @Nullable CharLinkHello came;

    private int peerHistory = Frame.UNPACKED;
    private int granted;
    private int window;
    private ResumeToken asked = ResumeToken.NONE;
    private ResumeToken token = ResumeToken.NONE;

    CharLinkServerConnection(CharLinkServer server) {
        super(server.options().settings(), server.metrics(), server.nanoTime());
        this.server = server;
    }

    @Override
    protected boolean secured(Optional<PeerIdentity> peer) {
        if (peer.isPresent() && peer.get() instanceof PeerIdentity.Host known) {
            host = known.id();
            return true;
        }
        return false;
    }

    @Override
    protected void beginning(Frame frame) {
        if (hello != null || !(frame instanceof Frame.LinkHello claim)) {
            throw ProtocolException.UNEXPECTED;
        }
        hello(claim);
    }

    @Override
    protected void control(Frame frame) {
        if (!(frame instanceof Frame.GoAway)) {
            throw ProtocolException.UNEXPECTED;
        }
        end(CloseReason.GOING_AWAY, false);
    }

    private void hello(Frame.LinkHello frame) {
        CharLinkHello claim = new CharLinkHello(frame.host(), frame.map(), frame.epoch(), frame.role());
        peerWindow(frame.window());
        window = frame.window();
        peerHistory = frame.history();
        asked = frame.resume();
        if (!claim.host().equals(host)) {
            metrics().dropped(DropReason.WRONG_PEER);
            end(CloseReason.WRONG_PEER, true);
            return;
        }
        came = claim;
        CharLinkHello inForce = server.inForce(claim, asked);
        hello = inForce;
        // Known before it is judged: a fence or a cut that comes meanwhile finds it.
        server.known(this);
        if (frame.version() != Frame.VERSION) {
            refuse(claim, RefusalReason.VERSION, Epoch.NONE, "version " + Frame.VERSION + " is spoken here");
            return;
        }
        server.authoriser()
                .authorise(inForce)
                // Behind a fence that was asked for before the verdict came, whichever thread brings it.
                .whenComplete((verdict, failure) -> onLoopLater(() -> {
                    if (!isEnded()) {
                        judged(
                                inForce,
                                failure == null
                                        ? verdict
                                        : CharLinkVerdict.refuse(
                                                RefusalReason.UNAVAILABLE, Epoch.NONE, "cannot decide now"));
                    }
                }));
    }

    private void judged(CharLinkHello claim, CharLinkVerdict verdict) {
        switch (verdict) {
            case CharLinkVerdict.Refuse no -> refuse(claim, no.reason(), no.currentEpoch(), no.detail());
            case CharLinkVerdict.Accept yes -> {
                if (claim.epoch().isBefore(fencedBelow)) {
                    refuse(claim, RefusalReason.STALE_EPOCH, fencedBelow, "fenced while it was judged");
                } else if (server.isClosed()) {
                    refuse(claim, RefusalReason.UNAVAILABLE, Epoch.NONE, "shutting down");
                } else {
                    accept(claim);
                }
            }
        }
    }

    private void accept(CharLinkHello claim) {
        granted = peerHistory == Frame.UNPACKED ? 0 : server.histories().take();
        int history = Packing.announce(granted);
        CharLinkHello asItCame = came(claim);
        KeptStreams kept = server.takeOver(asItCame, claim, asked);
        CharLinkHello inForce = kept == null ? asItCame : claim;
        hello = inForce;
        if (kept != null) {
            adopt(kept);
            peerWindow(window);
        }
        resumable(false);
        packing(peerHistory, history);
        token = server.newToken();
        send(new Frame.Accepted(Frame.VERSION, settings().streamWindow(), history, kept != null, token));
        establish();
        if (kept != null) {
            resume();
        }
        if (isEstablished()) {
            server.established(this);
            server.listener().accepted(inForce);
        }
    }

    private CharLinkHello came(CharLinkHello otherwise) {
        CharLinkHello first = came;
        return first == null ? otherwise : first;
    }

    /** Whether that token resumes this link. The one before may, until the peer is known to have the new one. */
    boolean resumedBy(CharLinkHello asItCame, ResumeToken other) {
        return isEstablished() && inLoop() && asItCame.equals(came) && tokens().fit(other);
    }

    private Tokens tokens() {
        // A host that says what streams it has has read its new token.
        return new Tokens(token, streamsKnown() ? ResumeToken.NONE : asked);
    }

    /** Ends this link for a newer one, which goes on with its streams. */
    KeptStreams handOver() {
        return handOver(new Frame.GoAway(GoAwayCode.REPLACED, ""), CloseReason.REPLACED);
    }

    @Override
    protected boolean keeps(CloseReason reason) {
        return reason == CloseReason.PEER_CLOSED && !server.isClosed();
    }

    @Override
    protected void kept(KeptStreams streams) {
        server.keep(new KeptLink(came(hello()), hello(), tokens(), streams));
    }

    private void refuse(CharLinkHello claim, RefusalReason reason, Epoch currentEpoch, String detail) {
        metrics().dropped(DropReason.UNAUTHORISED);
        endWith(new Frame.Refused(reason, currentEpoch, detail), CloseReason.REFUSED);
        server.listener().refused(claim, reason, currentEpoch);
    }

    @Override
    protected void open(Frame.Open frame) {
        CharLinkHello claim = hello();
        // Who was promoted knows only the epoch that it came with.
        boolean promoted = came(claim).role() == CellRole.STANDBY;
        if (!frame.map().equals(claim.map())
                || !(promoted || frame.epoch().equals(claim.epoch()))
                || frame.source() != SourceAddress.NONE) {
            throw ProtocolException.UNEXPECTED;
        }
        take(frame, server.listener().cell(claim));
    }

    CharLinkHello hello() {
        CharLinkHello claim = hello;
        if (claim == null) {
            throw new IllegalStateException("char link: no hello yet (expected: after the hello)");
        }
        return claim;
    }

    CompletableFuture<Void> fence(MapName map, Epoch currentEpoch) {
        CharLinkHello claim = hello();
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean stale = claim.role() == CellRole.PRIMARY
                && claim.map().equals(map)
                && claim.epoch().isBefore(currentEpoch);
        boolean queued = stale
                && onLoop(() -> {
                    fenced(map, currentEpoch);
                    // It may have broken meanwhile, and its streams wait.
                    server.cutKept(kept -> kept.isOf(claim.host()) && kept.fencedBy(map, currentEpoch));
                    done.complete(null);
                });
        if (!queued) {
            done.complete(null);
        }
        return done;
    }

    private void fenced(MapName map, Epoch currentEpoch) {
        if (isEstablished()) {
            endWith(new Frame.Fenced(map, currentEpoch), CloseReason.FENCED);
        } else {
            fencedBelow = currentEpoch;
        }
    }

    void promote(Epoch epoch) {
        CharLinkHello claim = hello();
        if (claim.role() == CellRole.STANDBY) {
            hello = new CharLinkHello(claim.host(), claim.map(), epoch, CellRole.PRIMARY);
        }
    }

    void cutIfOf(HostId cut, GoAwayCode code) {
        if (cut.equals(host)) {
            cut(code, CloseReason.CUT);
        }
    }

    /** Who does not read would not read a goodbye either. Any thread. */
    void stalled() {
        onLoop(() -> end(CloseReason.STALLED, true));
    }

    /** Ends the link from any thread. */
    void cut(GoAwayCode code, CloseReason reason) {
        onLoop(() -> endWith(new Frame.GoAway(code, ""), reason));
    }

    @Override
    protected void ended(CloseReason reason, boolean wasEstablished) {
        server.histories().giveBack(granted);
        server.gone(this, hello);
        if (wasEstablished) {
            server.listener().closed(hello(), reason);
        }
    }
}
