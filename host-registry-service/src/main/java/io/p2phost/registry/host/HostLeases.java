package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * What this instance knows in memory of hosts and their leases, kept in step with the table: told of every commit made
 * here, and of those made elsewhere by the events they cause.
 */
public final class HostLeases {
    /** Lapses that wait to be written; while it is full, further ones stay in the tracker. */
    static final int MAX_WAITING = 20_000;

    private static final int BATCH = 500;
    private static final HostId BEFORE_ALL = HostId.of("00000000-0000-0000-0000-000000000000");

    private final LeaseTracker tracker;
    private final LiveHosts live;
    private final LoadReports loads;
    private final HostChanges changes;
    private final Hosts hosts;
    private final BlockingQueue<Lapse> waiting = new ArrayBlockingQueue<>(MAX_WAITING);

    public HostLeases(LeaseTracker tracker, LiveHosts live, LoadReports loads, HostChanges changes, Hosts hosts) {
        this.tracker = tracker;
        this.live = live;
        this.loads = loads;
        this.changes = changes;
        this.hosts = hosts;
    }

    /** Gives every host in a session a lease of full length: nobody could be heard while the registry was away. */
    public void restore() {
        HostId after = BEFORE_ALL;
        List<Host> page;
        do {
            page = hosts.inSession(after, BATCH);
            for (Host host : page) {
                committed(host);
                after = host.id();
            }
        } while (page.size() == BATCH);
    }

    /** Takes note of a host as it was just committed here. */
    public void committed(Host host) {
        if (!live.note(host.id(), host.version(), host.state(), host.run())) {
            return;
        }
        if (!host.inSession()) {
            tracker.forget(host.id());
            loads.forget(host.id());
        } else if (tracker.remaining(host.id()).isEmpty()) {
            tracker.track(host.id());
        }
    }

    /** Takes note of a state that may have been committed by another instance. */
    public void heard(HostId host, long version, HostLifeState state) {
        if (!live.note(host, version, state, null)) {
            return;
        }
        if (!new LiveHosts.Seen(version, state, null).mayHoldLease()) {
            tracker.forget(host);
            loads.forget(host);
        } else if (tracker.remaining(host).isEmpty()) {
            tracker.track(host);
        }
    }

    /** One check of all leases; what lapsed waits to be written. */
    public void check() {
        for (Lapse lapse : tracker.check(waiting.remainingCapacity())) {
            if (!waiting.offer(lapse)) {
                throw new IllegalStateException("lapses: more than asked for (expected: <= " + MAX_WAITING + ")");
            }
        }
    }

    /** Writes down what lapsed; whatever cannot be written lapses again. */
    public void writeLapses() {
        List<Lapse> batch = new ArrayList<>();
        while (waiting.drainTo(batch, BATCH) > 0) {
            List<Host> judged = changes.lapse(batch, tracker::stillLapsed);
            judged.forEach(this::committed);
            forgetVanished(batch);
            batch.clear();
        }
    }

    /** A lease whose host is not in the table at all would be reported for ever. */
    private void forgetVanished(List<Lapse> batch) {
        for (Lapse lapse : batch) {
            if (lapse.kind() == Lapse.Kind.EXPIRED
                    && tracker.stillLapsed(lapse)
                    && changes.find(lapse.host()).isEmpty()) {
                tracker.forget(lapse.host());
                loads.forget(lapse.host());
            }
        }
    }

    /** Publishes loads that are due. */
    public void publishLoads() {
        var due = loads.due(BATCH);
        if (!due.isEmpty()) {
            List<Host> written = changes.loads(due);
            loads.published(due);
            written.forEach(this::committed);
        }
    }

    /** How many lapses wait to be written. */
    public int waiting() {
        return waiting.size();
    }
}
