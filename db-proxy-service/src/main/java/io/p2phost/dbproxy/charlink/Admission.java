package io.p2phost.dbproxy.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.links.charlink.CharLinkAuthoriser;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkVerdict;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.RefusalReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Judges a claim (host, map, epoch) by the row in effect and the host's live state. Nothing is accepted unchecked: when
 * the row cannot be read, or nobody knows the host, the answer is "try again".
 */
public final class Admission implements CharLinkAuthoriser, AutoCloseable {
    /** Claims judged at once; further ones are told to try again. */
    static final int MAX_QUESTIONS = 64;

    private final MapOwners owners;
    private final HostIndex hosts;
    private final Semaphore questions = new Semaphore(MAX_QUESTIONS);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    public Admission(MapOwners owners, HostIndex hosts) {
        this.owners = owners;
        this.hosts = hosts;
    }

    /** A failure of the judging itself refuses as unavailable. */
    @Override
    public CompletionStage<CharLinkVerdict> authorise(CharLinkHello hello) {
        if (!questions.tryAcquire()) {
            return CompletableFuture.completedFuture(
                    CharLinkVerdict.refuse(RefusalReason.UNAVAILABLE, Epoch.NONE, "too many claims at once"));
        }
        return CompletableFuture.supplyAsync(() -> judge(hello), executor)
                .whenComplete((verdict, failure) -> questions.release());
    }

    CharLinkVerdict judge(CharLinkHello hello) {
        if (hello.role() == CellRole.STANDBY) {
            // It may act for nobody before its host owns the map, whatever epoch it names.
            return standing(hello.host()).orElseGet(CharLinkVerdict::accept);
        }
        MapOwner row = owners.find(hello.map()).orElse(new MapOwner(hello.map(), Epoch.NONE, null));
        if (hello.epoch().isBefore(row.epoch())) {
            return CharLinkVerdict.refuse(
                    RefusalReason.STALE_EPOCH, row.epoch(), "epoch " + row.epoch() + " is in effect");
        }
        Owner owner = row.owner();
        if (owner == null || !owner.isHost(hello.host()) || !hello.epoch().equals(row.epoch())) {
            return CharLinkVerdict.refuse(
                    RefusalReason.NOT_OWNER, row.epoch(), hello.map() + " at " + row.epoch() + " is another's");
        }
        return standing(hello.host()).orElseGet(CharLinkVerdict::accept);
    }

    /** Why the host may not link now; empty when it may. */
    private Optional<CharLinkVerdict> standing(HostId host) {
        Optional<HostLifeState> known = hosts.lifeStateOf(host);
        if (known.filter(Admission::mayServe).isPresent()) {
            return Optional.empty();
        }
        // An event may be on its way: a host that has just come back is not turned away for good by old news.
        Optional<HostLifeState> now = hosts.askRegistry(host);
        if (now.isPresent()) {
            return mayServe(now.get()) ? Optional.empty() : Optional.of(notAdmitted(now.get()));
        }
        boolean banned = known.filter(state -> state == HostLifeState.BLACKLISTED || state == HostLifeState.QUARANTINED)
                .isPresent();
        return Optional.of(
                banned
                        ? notAdmitted(known.get())
                        : CharLinkVerdict.refuse(
                                RefusalReason.UNAVAILABLE, Epoch.NONE, "the host's state is not known now"));
    }

    private static CharLinkVerdict notAdmitted(HostLifeState state) {
        return CharLinkVerdict.refuse(RefusalReason.NOT_ADMITTED, Epoch.NONE, "the host is " + state);
    }

    private static boolean mayServe(HostLifeState state) {
        return switch (state) {
            case READY, UNHEALTHY, DRAINING -> true;
            case ENROLLED, OFFLINE, QUARANTINED, BLACKLISTED -> false;
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
