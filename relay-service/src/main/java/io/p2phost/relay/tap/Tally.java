package io.p2phost.relay.tap;

import io.p2phost.contracts.event.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all players of a cell told in a window. Many see the same monster and the same thing on the floor: each counts once.
 * Of monsters is remembered from window to window which are alive. Every table is bounded; what does not fit is said.
 */
final class Tally {
    /** Monsters known alive; those unseen for longest are forgotten first. */
    static final int MOST_UNITS = 2_000;

    /** Kinds of monsters or items told apart in a window; with the rest no more than an observation holds. */
    static final int MOST_KINDS = 128;

    /** Players told apart in a window. */
    static final int MOST_PLAYERS = 1_000;

    /** Who did not see a monster's death yet tells of it as if it were alive. */
    static final Duration GHOST = Duration.ofSeconds(3);

    /** A monster that nobody sees for longer counts as living no more. */
    static final Duration UNSEEN = Duration.ofMinutes(5);

    private final Map<Integer, Unit> units = bounded(MOST_UNITS);
    private final Map<Integer, Instant> dead = bounded(MOST_UNITS);
    private final Map<Integer, Thing> things = bounded(MOST_UNITS);
    private final Map<Integer, Integer> living = new HashMap<>();

    private Instant from;
    private final Map<Integer, Mobs> mobs = new LinkedHashMap<>();
    private final Map<Integer, Heap> fallen = new LinkedHashMap<>();
    private final Map<Integer, Heap> taken = new LinkedHashMap<>();
    private final Map<Integer, Heap> skills = new LinkedHashMap<>();
    private final Set<Integer> players = new HashSet<>();
    private final Sum base = new Sum();
    private final Sum job = new Sum();
    private final Sum steps = new Sum();
    private final Sum dealt = new Sum();
    private final Sum suffered = new Sum();
    private final Sum answers = new Sum();
    private final Sum healed = new Sum();
    private int quests;
    private int corrected;
    private int picked;
    private int gone;
    private long highestHp;
    private long highestSp;

    /** Where a thing that fell is. */
    private enum Thing {
        LIES,
        GONE,
        PICKED
    }

    private static final class Unit {
        private final int kind;
        private Instant seen;

        Unit(int kind, Instant seen) {
            this.kind = kind;
            this.seen = seen;
        }
    }

    private static final class Mobs {
        private int level;
        private int appeared;
        private int spawned;
        private int died;
        private int most;
    }

    /** How often, and how much or how high. */
    private static final class Heap {
        private int times;
        private long amount;
    }

    private static final class Sum {
        private int times;
        private long total;
        private long largest;

        void add(long value) {
            times++;
            total = saturated(total, value);
            largest = Math.max(largest, value);
        }

        void clear() {
            times = 0;
            total = 0;
            largest = 0;
        }
    }

    Tally(Instant from) {
        this.from = from;
    }

    Instant from() {
        return from;
    }

    private static <V> Map<Integer, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
                return size() > most;
            }
        };
    }

    private static long saturated(long sum, long more) {
        return sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more;
    }

    /** How many of the sightings did not fit. */
    int add(Sightings seen, Instant now) {
        if (players.size() < MOST_PLAYERS) {
            players.add(seen.account());
        }
        int lost = 0;
        for (int i = 0; i < seen.length(); i += Sightings.WIDTH) {
            boolean fits = add(seen.number(i), seen.number(i + 1), seen.number(i + 2), seen.number(i + 3), now);
            lost += fits ? 0 : 1;
        }
        return lost;
    }

    private boolean add(int what, int first, int second, int third, Instant now) {
        switch (what) {
            case Sightings.APPEARED, Sightings.SPAWNED -> {
                return alive(what == Sightings.SPAWNED, first, second, third, now);
            }
            case Sightings.DIED -> died(first, now);
            case Sightings.FELL -> {
                return things.putIfAbsent(first, Thing.LIES) != null || heap(fallen, second, third, MOST_KINDS);
            }
            case Sightings.TAKEN -> {
                return heap(taken, first, second, MOST_KINDS);
            }
            case Sightings.BASE_EXP -> base.add(whole(first, second));
            case Sightings.JOB_EXP -> job.add(whole(first, second));
            case Sightings.QUEST_EXP -> quests++;
            case Sightings.WALKS -> steps.add(first);
            case Sightings.CORRECTED -> corrected++;
            case Sightings.ASKS_SKILL -> {
                return asked(first, second);
            }
            case Sightings.DEALS -> dealt.add(first);
            case Sightings.SUFFERS -> suffered.add(first);
            case Sightings.ANSWERED -> answers.add(first);
            case Sightings.PICKED -> picked += leaves(first, Thing.PICKED) ? 1 : 0;
            case Sightings.GONE -> gone += leaves(first, Thing.GONE) ? 1 : 0;
            case Sightings.HEALED -> healed.add(first);
            case Sightings.HAS_HP -> highestHp = Math.max(highestHp, first);
            case Sightings.HAS_SP -> highestSp = Math.max(highestSp, first);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Each thing leaves once; that somebody only walked away from it shows when another picks it up. */
    private boolean leaves(int thing, Thing how) {
        Thing was = things.get(thing);
        if (was == null || was.compareTo(how) >= 0) {
            return false;
        }
        things.put(thing, how);
        return true;
    }

    private static long whole(int low, int high) {
        return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
    }

    private boolean alive(boolean spawned, int id, int kind, int level, Instant now) {
        Unit unit = units.get(id);
        if (unit != null && unit.kind == kind) {
            unit.seen = now;
            return true;
        }
        Instant death = dead.get(id);
        if (!spawned && death != null && now.isBefore(death.plus(GHOST))) {
            return true;
        }
        Mobs of = of(kind);
        if (of == null) {
            return false;
        }
        forget(id);
        dead.remove(id);
        if (units.size() >= MOST_UNITS) {
            forget(units.keySet().iterator().next());
        }
        units.put(id, new Unit(kind, now));
        of.level = level;
        of.appeared += spawned ? 0 : 1;
        of.spawned += spawned ? 1 : 0;
        of.most = Math.max(of.most, living.merge(kind, 1, Integer::sum));
        return true;
    }

    private void died(int id, Instant now) {
        Unit unit = forget(id);
        if (unit != null) {
            dead.put(id, now);
            Mobs of = of(unit.kind);
            if (of != null) {
                of.died++;
            }
        }
    }

    private @Nullable Unit forget(int id) {
        Unit unit = units.remove(id);
        if (unit != null) {
            living.computeIfPresent(unit.kind, (kind, count) -> count > 1 ? count - 1 : null);
        }
        return unit;
    }

    private @Nullable Mobs of(int kind) {
        Mobs known = mobs.get(kind);
        if (known == null && mobs.size() < MOST_KINDS) {
            known = new Mobs();
            known.most = living.getOrDefault(kind, 0);
            mobs.put(kind, known);
        }
        return known;
    }

    private static boolean heap(Map<Integer, Heap> heaps, int item, int amount, int most) {
        Heap heap = heaps.get(item);
        if (heap == null) {
            // An item's number above 2^31 is the map-server's invention.
            if (item < 0 || heaps.size() >= most) {
                return false;
            }
            heap = new Heap();
            heaps.put(item, heap);
        }
        heap.times++;
        heap.amount = saturated(heap.amount, amount);
        return true;
    }

    private boolean asked(int skill, int level) {
        Heap heap = skills.get(skill);
        long highest = Math.max(heap == null ? 0 : heap.amount, level);
        boolean fits = heap(skills, skill, 0, MOST_KINDS / 2);
        heap = skills.get(skill);
        if (heap != null) {
            heap.amount = highest;
        }
        return fits;
    }

    /** What was told; the next window begins. */
    List<Fact> close(Instant now) {
        List<Fact> facts = new ArrayList<>();
        mobs.forEach((kind, of) -> facts.add(new Fact.Mobs(kind, of.level, of.appeared, of.spawned, of.died, of.most)));
        fallen.forEach((item, heap) -> facts.add(new Fact.Fallen(item, heap.times, heap.amount)));
        taken.forEach((item, heap) -> facts.add(new Fact.Taken(item, heap.times, heap.amount)));
        skills.forEach((skill, heap) -> facts.add(new Fact.SkillAsked(skill, (int) heap.amount, heap.times)));
        if (base.times + job.times + quests > 0) {
            facts.add(new Fact.Gained(
                    players.size(), base.total, job.total, base.largest, job.largest, base.times, quests));
        }
        if (steps.times + corrected > 0) {
            facts.add(new Fact.Walked(players.size(), steps.times, steps.total, corrected));
        }
        if (dealt.times + suffered.times > 0) {
            facts.add(new Fact.Blows(
                    dealt.times, dealt.total, dealt.largest, suffered.times, suffered.total, suffered.largest));
        }
        if (answers.times > 0) {
            facts.add(new Fact.Answered(answers.times, answers.total / answers.times / 1_000, answers.largest / 1_000));
        }
        if (picked + gone > 0) {
            facts.add(new Fact.Removed(picked, gone));
        }
        if (healed.times > 0 || highestHp + highestSp > 0) {
            facts.add(new Fact.Vitals(healed.times, healed.total, healed.largest, highestHp, highestSp));
        }
        begin(now);
        return facts;
    }

    private void begin(Instant now) {
        from = now;
        mobs.clear();
        fallen.clear();
        taken.clear();
        skills.clear();
        players.clear();
        List.of(base, job, steps, dealt, suffered, answers, healed).forEach(Sum::clear);
        quests = 0;
        corrected = 0;
        picked = 0;
        gone = 0;
        highestHp = 0;
        highestSp = 0;
        Instant old = now.minus(UNSEEN);
        List<Integer> unseen = units.entrySet().stream()
                .filter(each -> each.getValue().seen.isBefore(old))
                .map(Map.Entry::getKey)
                .toList();
        unseen.forEach(this::forget);
    }

    /** Monsters known alive now. */
    int units() {
        return units.size();
    }
}
