package io.p2phost.dbproxy.mux;

import io.p2phost.ro.layout.CharStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Numbers of the companions that one player may write: those of his record as he came, and those the char-server told since. */
final class OwnCompanions {
    /** Of one kind; he has one with him, and a catcher of pets a few eggs. */
    static final int MOST = 16;

    static final int MOST_CREATIONS = 10;
    private static final Duration CREATIONS = Duration.ofMinutes(1);

    private final Map<CompanionKind, Set<Integer>> numbers = new EnumMap<>(CompanionKind.class);
    /** Were his: an honest map-server may be behind. */
    private final Map<CompanionKind, Set<Integer>> former = new EnumMap<>(CompanionKind.class);
    /** Made from a stored row, which may be behind too. */
    private boolean restored;

    private Instant since = Instant.MIN;
    private int creations;

    /** Those of a record that the char-server gave. */
    void learn(CharStatus character) {
        for (CompanionKind kind : CompanionKind.values()) {
            learn(kind, (int) character.get(kind.inRecord));
        }
    }

    /** Whether it is new; the one that was used least recently makes room. */
    boolean learn(CompanionKind kind, int number) {
        if (number <= 0) {
            return false;
        }
        boolean isNew = !has(kind, number);
        add(numbers, kind, number).ifPresent(oldest -> add(former, kind, oldest));
        return isNew;
    }

    /** Puts it at the end; what must make room for it. */
    private static Optional<Integer> add(Map<CompanionKind, Set<Integer>> to, CompanionKind kind, int number) {
        Set<Integer> known = to.computeIfAbsent(kind, any -> new LinkedHashSet<>());
        known.remove(number);
        known.add(number);
        if (known.size() <= MOST) {
            return Optional.empty();
        }
        int oldest = known.iterator().next();
        known.remove(oldest);
        return Optional.of(oldest);
    }

    boolean has(CompanionKind kind, int number) {
        return numbers.getOrDefault(kind, Set.of()).contains(number);
    }

    void forget(CompanionKind kind, int number) {
        if (has(kind, number)) {
            numbers.getOrDefault(kind, new LinkedHashSet<>()).remove(number);
            add(former, kind, number);
        }
    }

    /** What a number that is not his says about the server that names it. */
    Outside.Violation.Kind suspicion(CompanionKind kind, int number) {
        boolean honest = restored || former.getOrDefault(kind, Set.of()).contains(number);
        return honest ? Outside.Violation.Kind.NOT_TAKEN : Outside.Violation.Kind.FOREIGN_ID;
    }

    /** Each one is a new row in the database: whether another may be made now. */
    boolean mayCreate(Instant now) {
        if (!now.isBefore(since.plus(CREATIONS))) {
            since = now;
            creations = 0;
        }
        return ++creations <= MOST_CREATIONS;
    }

    /** As {@code PET:7 PET:9 ELEMENTAL:3}. */
    @Override
    public String toString() {
        return numbers.entrySet().stream()
                .flatMap(kind -> kind.getValue().stream().map(number -> kind.getKey() + ":" + number))
                .collect(Collectors.joining(" "));
    }

    static OwnCompanions of(String text) {
        OwnCompanions companions = new OwnCompanions();
        companions.restored = true;
        for (String one : text.isEmpty() ? new String[0] : text.split(" ")) {
            int colon = one.indexOf(':');
            companions.learn(
                    CompanionKind.valueOf(one.substring(0, colon)), Integer.parseInt(one.substring(colon + 1)));
        }
        return companions;
    }
}
