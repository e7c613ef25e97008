package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts were heard of lately. Leases live in memory only and lie in a wheel of slots, one slot per tick: renewing
 * one changes a number and moves nothing, and a tick looks at one slot. A lease found in its slot that was renewed in
 * the meantime goes to the slot of its new end.
 *
 * <p>Judging others by silence asks for a judge that listens. Time is therefore the registry's own: a check that comes
 * too late (the process was stopped, the machine overloaded) stops this clock for as long as it was late, which re-arms
 * every lease by the slip at once; only after two checks in time does silence count again. While the input is
 * interrupted nothing lapses, and afterwards every lease runs its full length.
 */
public final class LeaseTracker {
    private static final int CHECKS_IN_TIME = 2;
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final LeasePolicy policy;
    private final LongSupplier nanoTime;
    private final long tickNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<HostId, Entry> entries = new HashMap<>();
    private final List<List<Entry>> wheel = new ArrayList<>();

    private long lastCheckAt;
    private long slipped;
    private int checksInTime;
    private long nextTick;
    private boolean suspended;
    /** No lease counts as silent since before this instant. */
    private long floor;

    private long slips;
    private long lastLag;

    /**
     * Makes a tracker.
     *
     * @param nanoTime a clock that never jumps, as {@link System#nanoTime()}
     */
    public LeaseTracker(LeasePolicy policy, LongSupplier nanoTime) {
        this.policy = policy;
        this.nanoTime = nanoTime;
        this.tickNanos = policy.tick().toNanos();
        long slots = Math.max(policy.duration().toNanos(), RETRY.toNanos()) / tickNanos + 3;
        for (long i = 0; i < slots; i++) {
            wheel.add(new ArrayList<>());
        }
        this.lastCheckAt = nanoTime.getAsLong();
        this.nextTick = tickOf(lastCheckAt);
        this.floor = lastCheckAt;
    }

    /**
     * Gives a host a lease of full length, whether it had one or not.
     *
     * @return false when there are too many hosts
     */
    public boolean track(HostId host) {
        return locked(() -> {
            Entry entry = entries.get(host);
            if (entry == null) {
                if (entries.size() >= policy.maxHosts()) {
                    return false;
                }
                entry = new Entry(host);
                entries.put(host, entry);
            }
            entry.renewedAt = now();
            entry.phase = Phase.HEALTHY;
            entry.renewals++;
            queue(entry, entry.renewedAt + policy.unhealthyAfter().toNanos());
            return true;
        });
    }

    /** Whether {@link #track} would accept the host. */
    public boolean hasRoomFor(HostId host) {
        return locked(() -> entries.containsKey(host) || entries.size() < policy.maxHosts());
    }

    /** Notes a heartbeat that came just now. */
    public Renewal renew(HostId host) {
        return renew(host, Duration.ZERO);
    }

    /**
     * Notes a heartbeat that came some time ago, to another instance.
     *
     * @param age how long ago
     */
    public Renewal renew(HostId host, Duration age) {
        return locked(() -> {
            Entry entry = entries.get(host);
            if (entry == null) {
                return Renewal.UNKNOWN;
            }
            long heardAt = now() - Math.max(0, age.toNanos());
            if (heardAt <= entry.renewedAt) {
                return entry.phase == Phase.HEALTHY ? Renewal.RENEWED : Renewal.LATE;
            }
            entry.renewedAt = heardAt;
            entry.renewals++;
            if (entry.phase == Phase.HEALTHY) {
                return Renewal.RENEWED;
            }
            entry.phase = Phase.HEALTHY;
            queue(entry, heardAt + policy.unhealthyAfter().toNanos());
            return Renewal.RECOVERED;
        });
    }

    /** Ends a lease without a word. */
    public void forget(HostId host) {
        locked(() -> entries.remove(host));
    }

    /** How long a host's lease still runs; empty when it has none, never negative. */
    public Optional<Duration> remaining(HostId host) {
        return locked(() -> Optional.ofNullable(entries.get(host))
                .map(e -> Duration.ofNanos(
                        Math.max(0, heardAt(e) + policy.duration().toNanos() - now()))));
    }

    /** Whether the silence goes on that the lapse reported. */
    public boolean stillLapsed(Lapse lapse) {
        return locked(() -> {
            Entry entry = entries.get(lapse.host());
            if (entry == null || entry.renewals != lapse.renewals() || suspended) {
                return false;
            }
            Duration patience = lapse.kind() == Lapse.Kind.MISSED ? policy.unhealthyAfter() : policy.duration();
            return now() >= heardAt(entry) + patience.toNanos();
        });
    }

    /** From now on nothing lapses: what is heard of hosts may be incomplete. */
    public void suspend() {
        locked(() -> suspended = true);
    }

    /** Everything is heard again: each lease runs its full length from now. */
    public void resume() {
        locked(() -> {
            if (suspended) {
                suspended = false;
                floor = now();
            }
            return null;
        });
    }

    public boolean isSuspended() {
        return locked(() -> suspended);
    }

    /**
     * One check; to be called once per {@link LeasePolicy#tick}.
     *
     * @param limit how many lapses the caller can take; the rest comes with the next check
     */
    public List<Lapse> check(int limit) {
        return locked(() -> {
            noteSlip();
            if (suspended || checksInTime < CHECKS_IN_TIME) {
                return List.of();
            }
            return lapsesUntil(now(), limit);
        });
    }

    private void noteSlip() {
        long at = nanoTime.getAsLong();
        long late = at - lastCheckAt - tickNanos;
        lastCheckAt = at;
        if (late > policy.maxSlip().toNanos()) {
            slipped += late;
            slips++;
            checksInTime = 0;
        } else {
            checksInTime++;
        }
    }

    private List<Lapse> lapsesUntil(long now, int limit) {
        List<Lapse> lapses = new ArrayList<>();
        long current = tickOf(now);
        while (nextTick <= current) {
            List<Entry> slot = slotOf(nextTick);
            List<Entry> found = new ArrayList<>(slot);
            slot.clear();
            for (Entry entry : found) {
                if (entry.queuedFor != nextTick || entries.get(entry.host) != entry) {
                    continue;
                }
                if (lapses.size() >= limit) {
                    // Looked at again with the next check; its place in the wheel must not be behind it.
                    putInto(entry, current + 1);
                    continue;
                }
                judge(entry, now, lapses);
            }
            nextTick++;
        }
        return lapses;
    }

    private void judge(Entry entry, long now, List<Lapse> lapses) {
        long heardAt = heardAt(entry);
        Duration patience = entry.phase == Phase.HEALTHY ? policy.unhealthyAfter() : policy.duration();
        long end = heardAt + patience.toNanos();
        if (now < end) {
            queue(entry, end);
            return;
        }
        lastLag = now - end;
        if (entry.phase == Phase.HEALTHY) {
            entry.phase = Phase.MISSED;
            lapses.add(new Lapse(entry.host, Lapse.Kind.MISSED, entry.renewals));
            queue(entry, heardAt + policy.duration().toNanos());
        } else {
            entry.phase = Phase.EXPIRED;
            lapses.add(new Lapse(entry.host, Lapse.Kind.EXPIRED, entry.renewals));
            // Forgotten once the loss is written down; if it cannot be written, it is reported again.
            queue(entry, now + RETRY.toNanos());
        }
    }

    private void queue(Entry entry, long at) {
        putInto(entry, Math.max(tickOf(at) + 1, nextTick));
    }

    private void putInto(Entry entry, long tick) {
        long latest = nextTick + wheel.size() - 1;
        entry.queuedFor = Math.min(tick, latest);
        slotOf(entry.queuedFor).add(entry);
    }

    private List<Entry> slotOf(long tick) {
        return wheel.get((int) Math.floorMod(tick, (long) wheel.size()));
    }

    private long heardAt(Entry entry) {
        return Math.max(entry.renewedAt, floor);
    }

    private long tickOf(long at) {
        return Math.floorDiv(at, tickNanos);
    }

    /** The tracker's own time: stands still for as long as its checks were late. */
    private long now() {
        return nanoTime.getAsLong() - slipped;
    }

    /** How many leases are tracked. */
    public int size() {
        return locked(entries::size);
    }

    /** How often a check came too late. */
    public long slips() {
        return locked(() -> slips);
    }

    /** How long after its end the latest lapse was found. */
    public Duration lag() {
        return locked(() -> Duration.ofNanos(lastLag));
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** What a heartbeat meant for a lease. */
    public enum Renewal {
        /** There is no lease here. */
        UNKNOWN,
        /** It runs on. */
        RENEWED,
        /** It had been reported as lapsed and runs again. */
        RECOVERED,
        /** The heartbeat is older than the silence that was reported; nothing changed. */
        LATE
    }

    private enum Phase {
        HEALTHY,
        MISSED,
        EXPIRED
    }

    private static final class Entry {
        final HostId host;
        long renewedAt;
        long renewals;
        long queuedFor;
        Phase phase = Phase.HEALTHY;

        Entry(HostId host) {
            this.host = host;
        }
    }
}
