package io.p2phost.dbproxy.mux;

import io.p2phost.ro.layout.CharStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Numbers of the companions that one player may write: those of his record as he came, and those the char-server told since. */
final class OwnCompanions {
    /** Of one kind; he has one with him, and a catcher of pets a few eggs. */
    static final int MOST = 16;

    static final int MOST_CREATIONS = 10;
    private static final Duration CREATIONS = Duration.ofMinutes(1);

    private final Map<CompanionKind, LinkedHashSet<Integer>> numbers = new EnumMap<>(CompanionKind.class);
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
        Set<Integer> known = numbers.computeIfAbsent(kind, any -> new LinkedHashSet<>());
        boolean isNew = !known.remove(number);
        known.add(number);
        if (known.size() > MOST) {
            Iterator<Integer> oldest = known.iterator();
            oldest.next();
            oldest.remove();
        }
        return isNew;
    }

    boolean has(CompanionKind kind, int number) {
        return numbers.getOrDefault(kind, new LinkedHashSet<>()).contains(number);
    }

    void forget(CompanionKind kind, int number) {
        numbers.getOrDefault(kind, new LinkedHashSet<>()).remove(number);
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
        for (String one : text.isEmpty() ? new String[0] : text.split(" ")) {
            int colon = one.indexOf(':');
            companions.learn(
                    CompanionKind.valueOf(one.substring(0, colon)), Integer.parseInt(one.substring(colon + 1)));
        }
        return companions;
    }
}
