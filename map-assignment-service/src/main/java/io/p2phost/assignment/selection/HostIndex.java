package io.p2phost.assignment.selection;

import io.p2phost.assignment.selection.Refusal.Gate;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All hosts in memory, ready to be chosen from. Per tier the hosts that pass every gate lie in an array ordered by
 * score without the region's term; a pick walks from the best and stops where not even the region could make up for
 * the difference. So it usually looks at a few hosts, and at each host once at worst; it sorts nothing and allocates
 * one result. Thread-safe.
 */
public final class HostIndex {
    /** Hosts whose score is this close to the best (in [0,1]) are equally good: always the same favourite raises churn. */
    static final double NEAR_TIE = 0.02;

    private static final int TIERS = 3;

    private final InstantSource clock;
    private final IntUnaryOperator random;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<HostId, Entry> entries = new HashMap<>();
    private final Ranking[] rankings = {new Ranking(1), new Ranking(2), new Ranking(3)};
    private SelectionRules rules;
    private int ready;

    /**
     * Creates an empty index.
     *
     * @param random a number from 0 to below its argument, each as likely; called by several threads
     */
    public HostIndex(SelectionRules rules, InstantSource clock, IntUnaryOperator random) {
        this.rules = rules;
        this.clock = clock;
        this.random = random;
    }

    /** Puts new rules in force. */
    public void configure(SelectionRules newRules) {
        write(() -> {
            rules = newRules;
            rerank();
        });
    }

    /** Rates every host again: stability grows with time alone. To be called about once a minute. */
    public void refresh() {
        write(this::rerank);
    }

    /** Takes in a host's state; one with a lower version than known is old news. */
    public void put(HostStateChanged host, long version) {
        write(() -> {
            Entry entry = entries.get(host.hostId());
            if (entry == null) {
                entry = new Entry(host, version);
                entries.put(host.hostId(), entry);
            } else if (version < entry.version) {
                return;
            } else {
                ready -= entry.isReady() ? 1 : 0;
                unrank(entry);
                entry.say(host);
                entry.version = version;
            }
            ready += entry.isReady() ? 1 : 0;
            rank(entry, clock.instant());
        });
    }

    /**
     * Says how far hosts are, as relays measured it; what a host says of that itself counts no more. A host that is not
     * among them was not measured.
     *
     * @param millis round trip and what it varies by
     */
    public void measured(Map<HostId, Double> millis) {
        write(() -> {
            Instant now = clock.instant();
            for (Entry entry : entries.values()) {
                Double fresh = millis.get(entry.host.hostId());
                if (entry.differs(fresh)) {
                    unrank(entry);
                    entry.measure(fresh);
                    rank(entry, now);
                }
            }
        });
    }

    /** Says how many maps a host carries or is about to. A host that is not known yet is ignored. */
    public void setActiveMaps(HostId host, int activeMaps) {
        write(() -> {
            Entry entry = entries.get(host);
            if (entry != null && entry.activeMaps != activeMaps) {
                unrank(entry);
                entry.activeMaps = activeMaps;
                rank(entry, clock.instant());
            }
        });
    }

    /** Passes a host over until then: it was lost, or did not get a map ready in time. */
    public void penalise(HostId host, Instant until) {
        write(() -> {
            Entry entry = entries.get(host);
            if (entry != null) {
                entry.penaltyUntilMillis = Math.max(entry.penaltyUntilMillis, until.toEpochMilli());
            }
        });
    }

    /** Forgives every host. */
    public void forgive() {
        write(() -> entries.values().forEach(entry -> entry.penaltyUntilMillis = 0));
    }

    /** The best host for a map of that tier, or one as good as the best; null when none passes the gates. */
    public @Nullable HostId pick(PickRequest request) {
        lock.readLock().lock();
        try {
            return ready < rules.minHosts() ? null : choose(request, HostFilter.ALL);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The best of the hosts that the filter admits besides. */
    public @Nullable HostId pick(PickRequest request, HostFilter filter) {
        lock.readLock().lock();
        try {
            return ready < rules.minHosts() ? null : choose(request, filter);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Whether a pick for a map of that tier could choose the host now. */
    public boolean choosable(HostId host, int minTier) {
        lock.readLock().lock();
        try {
            Entry entry = entries.get(host);
            return entry != null
                    && entry.ranked
                    && entry.host.tier() >= minTier
                    && entry.mayBeChosen(Set.of(), clock.millis());
        } finally {
            lock.readLock().unlock();
        }
    }

    private @Nullable HostId choose(PickRequest request, HostFilter filter) {
        Ranking ranking = rankings[request.minTier() - 1];
        int tier = request.minTier();
        long now = clock.millis();
        double regionWeight = request.region() == null ? 0 : rules.weights().region();
        double best = -1;
        for (int i = 0; i < ranking.size; i++) {
            Entry entry = ranking.hosts[i];
            if (entry.base[tier - 1] + regionWeight < best) {
                break;
            }
            if (entry.mayBeChosen(request.excluded(), now) && entry.passes(filter)) {
                best = Math.max(best, entry.total(tier, request.region(), regionWeight));
            }
        }
        if (best < 0) {
            return null;
        }
        double least = best - NEAR_TIE * rules.weights().sum();
        int seen = 0;
        HostId chosen = null;
        for (int i = 0; i < ranking.size; i++) {
            Entry entry = ranking.hosts[i];
            if (entry.base[tier - 1] + regionWeight < least) {
                break;
            }
            // The n-th equally good host replaces the choice with probability 1/n: all are as likely in the end.
            if (entry.mayBeChosen(request.excluded(), now)
                    && entry.passes(filter)
                    && entry.total(tier, request.region(), regionWeight) >= least
                    && random.applyAsInt(++seen) == 0) {
                chosen = entry.host.hostId();
            }
        }
        return chosen;
    }

    /** A host's score for a map of that tier, as a pick would see it. */
    public Optional<Score> score(HostId host, int minTier, @Nullable String region) {
        lock.readLock().lock();
        try {
            Entry entry = entries.get(host);
            return entry == null
                    ? Optional.empty()
                    : Optional.of(Rating.score(entry.host, entry.activeMaps, minTier, region, rules, entry.ratedAt));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Every host with its score or the first gate it does not pass: the best first, then the refused; at most limit. */
    public List<Candidate> explain(PickRequest request, int limit) {
        lock.readLock().lock();
        try {
            List<Candidate> candidates = new ArrayList<>(entries.size());
            entries.values().forEach(entry -> candidates.add(candidate(entry, request)));
            candidates.sort(Comparator.<Candidate>comparingDouble(
                            c -> c.score() == null ? 1 : -c.score().total())
                    .thenComparing(Candidate::hostId));
            return List.copyOf(candidates.subList(0, Math.min(limit, candidates.size())));
        } finally {
            lock.readLock().unlock();
        }
    }

    private Candidate candidate(Entry entry, PickRequest request) {
        HostStateChanged host = entry.host;
        Refusal refusal = refusal(entry, request);
        Score score = refusal == null
                ? Rating.score(host, entry.activeMaps, request.minTier(), request.region(), rules, entry.ratedAt)
                : null;
        return new Candidate(host.hostId(), host.name(), host.region(), entry.activeMaps, score, refusal);
    }

    private @Nullable Refusal refusal(Entry entry, PickRequest request) {
        Refusal refusal = Rating.refusal(entry.host, entry.activeMaps, rules);
        if (refusal != null) {
            return refusal;
        }
        if (entry.host.tier() < request.minTier()) {
            return new Refusal(Gate.TIER, "tier: " + entry.host.tier() + " (expected: >= " + request.minTier() + ")");
        }
        if (entry.penaltyUntilMillis > clock.millis()) {
            return new Refusal(
                    Gate.PENALTY,
                    "was lost or did not get a map ready in time; passed over until "
                            + Instant.ofEpochMilli(entry.penaltyUntilMillis));
        }
        if (request.excluded().contains(entry.host.hostId())) {
            return new Refusal(Gate.EXCLUDED, "excluded for this map");
        }
        if (ready < rules.minHosts()) {
            return new Refusal(
                    Gate.MIN_HOSTS, "Ready hosts: " + ready + " (expected: >= " + rules.minHosts() + ", min_hosts)");
        }
        return null;
    }

    /** The host's state as last heard of. */
    public Optional<HostLifeState> stateOf(HostId host) {
        return read(host).map(HostStateChanged::state);
    }

    /** The version of the host's state as last heard of; 0 when nothing is known. */
    public long versionOf(HostId host) {
        lock.readLock().lock();
        try {
            Entry entry = entries.get(host);
            return entry == null ? 0 : entry.version;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** How many maps the host may carry at once under the rules; 0 when it is not known. */
    public int slotsOf(HostId host) {
        lock.readLock().lock();
        try {
            Entry entry = entries.get(host);
            return entry == null ? 0 : Rating.slots(entry.host, rules);
        } finally {
            lock.readLock().unlock();
        }
    }

    public int readyHosts() {
        lock.readLock().lock();
        try {
            return ready;
        } finally {
            lock.readLock().unlock();
        }
    }

    public int size() {
        lock.readLock().lock();
        try {
            return entries.size();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The host as last heard of. */
    public Optional<HostStateChanged> find(HostId host) {
        return read(host);
    }

    private Optional<HostStateChanged> read(HostId host) {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(entries.get(host)).map(entry -> entry.host);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void write(Runnable change) {
        lock.writeLock().lock();
        try {
            change.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void rerank() {
        Instant now = clock.instant();
        for (Ranking ranking : rankings) {
            ranking.clear();
        }
        for (Entry entry : entries.values()) {
            if (rate(entry, now)) {
                for (int tier = 1; tier <= entry.host.tier(); tier++) {
                    rankings[tier - 1].append(entry);
                }
            }
        }
        for (Ranking ranking : rankings) {
            ranking.sort();
        }
    }

    private void rank(Entry entry, Instant now) {
        if (rate(entry, now)) {
            for (int tier = 1; tier <= entry.host.tier(); tier++) {
                rankings[tier - 1].insert(entry);
            }
        }
    }

    /** Works out the host's bases; false when it does not pass the gates. */
    private boolean rate(Entry entry, Instant now) {
        entry.ratedAt = now;
        entry.ranked = Rating.refusal(entry.host, entry.activeMaps, rules) == null;
        for (int tier = 1; entry.ranked && tier <= Math.min(TIERS, entry.host.tier()); tier++) {
            entry.base[tier - 1] = Rating.base(entry.host, entry.activeMaps, tier, rules, now);
        }
        return entry.ranked;
    }

    private void unrank(Entry entry) {
        if (entry.ranked) {
            for (int tier = 1; tier <= entry.host.tier(); tier++) {
                rankings[tier - 1].remove(entry);
            }
            entry.ranked = false;
        }
    }

    private static final class Entry {
        /** Small differences are not worth a new place. */
        private static final double SAME_MILLIS = 2;

        private static final double SAME_PART = 0.1;

        /** As it counts: what was measured stands in the place of what it says of itself. */
        private HostStateChanged host;

        private HostStateChanged said;
        private @Nullable Double measured;
        private long version;
        private int activeMaps;
        private long penaltyUntilMillis;
        private boolean ranked;
        private Instant ratedAt = Instant.EPOCH;

        /** Weighted sum without the region, for least tiers 1, 2, 3. */
        private final double[] base = new double[TIERS];

        Entry(HostStateChanged host, long version) {
            this.host = host;
            this.said = host;
            this.version = version;
        }

        void say(HostStateChanged state) {
            said = state;
            host = measured == null ? state : state.withLatency(measured);
        }

        void measure(@Nullable Double millis) {
            measured = millis;
            say(said);
        }

        boolean differs(@Nullable Double millis) {
            if (millis == null || measured == null) {
                return !Objects.equals(millis, measured);
            }
            return Math.abs(millis - measured) > SAME_MILLIS + SAME_PART * measured;
        }

        boolean isReady() {
            return host.state() == HostLifeState.READY;
        }

        boolean mayBeChosen(Set<HostId> excluded, long nowMillis) {
            return penaltyUntilMillis <= nowMillis && (excluded.isEmpty() || !excluded.contains(host.hostId()));
        }

        boolean passes(HostFilter filter) {
            return filter.admits(host, activeMaps);
        }

        double total(int tier, @Nullable String region, double regionWeight) {
            return base[tier - 1] + (Rating.sameRegion(host, region) ? regionWeight : 0);
        }
    }

    /** Hosts of a tier or above, the best first. */
    private static final class Ranking {
        private final int slot;
        private final Comparator<Entry> order;
        private Entry[] hosts = new Entry[16];
        private int size;

        Ranking(int tier) {
            this.slot = tier - 1;
            this.order = Comparator.<Entry>comparingDouble(e -> -e.base[slot]).thenComparing(e -> e.host.hostId());
        }

        void clear() {
            java.util.Arrays.fill(hosts, 0, size, null);
            size = 0;
        }

        void append(Entry entry) {
            grow();
            hosts[size++] = entry;
        }

        void sort() {
            java.util.Arrays.sort(hosts, 0, size, order);
        }

        void insert(Entry entry) {
            grow();
            int at = -java.util.Arrays.binarySearch(hosts, 0, size, entry, order) - 1;
            System.arraycopy(hosts, at, hosts, at + 1, size - at);
            hosts[at] = entry;
            size++;
        }

        void remove(Entry entry) {
            int at = java.util.Arrays.binarySearch(hosts, 0, size, entry, order);
            System.arraycopy(hosts, at + 1, hosts, at, size - at - 1);
            hosts[--size] = null;
        }

        private void grow() {
            if (size == hosts.length) {
                hosts = java.util.Arrays.copyOf(hosts, size * 2);
            }
        }
    }
}
