package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.BonusScripts;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.Cooldowns;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.LoadItems;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.inter.SaveVariables;
import io.p2phost.ro.inter.StatusChanges;
import io.p2phost.ro.inter.Variable;
import io.p2phost.ro.inter.VariablesLoaded;
import io.p2phost.ro.layout.BuildLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the char-server last told about a player (variables, items, quests …), kept true by what his servers saved since:
 * while the char-server is away, his next server loads from here.
 */
final class SessionImage {
    /** Parts of one answer; variables come in several. */
    private static final int MAX_PARTS = 64;

    /** Variables saved since they were loaded; of a player with more the image is given up. */
    private static final int MAX_CHANGED = 2_048;

    /** Of these even the longest fit one packet. */
    private static final int IN_A_PART = 100;

    /** In the first card of an egg; the next two are its pet's number. */
    private static final int EGG = 0x100;

    private final Map<Integer, List<Compressed>> parts = new HashMap<>();
    /** Since when what ends by itself is as it is kept. */
    private final Map<Integer, Instant> since = new HashMap<>();
    /** Variables saved since they were loaded, by name and index. */
    private final Map<String, Variable> changed = new LinkedHashMap<>();
    /** Numbers of the pets whose eggs he has; null until somebody asks. */
    private @Nullable Set<Integer> eggs;

    /** Keeps an answer of the char-server. */
    void loaded(Packet answer, Instant now) {
        int key = key(answer);
        since.put(key, now);
        if (key == CharToMap.VARIABLES) {
            List<Compressed> variables = parts.computeIfAbsent(key, any -> new ArrayList<>());
            if (variables.size() < MAX_PARTS) {
                variables.add(Compressed.of(answer.bytes()));
            }
        } else if (key != 0) {
            parts.put(key, List.of(Compressed.of(answer.bytes())));
            eggs = null;
        }
    }

    /** A new server asks for the variables: the parts that come now replace the older ones. */
    void variablesAsked() {
        parts.remove(CharToMap.VARIABLES);
        changed.clear();
    }

    /** Keeps what a server saved as the answer to the next load. */
    void saved(Packet save, Instant now) {
        switch (save.id()) {
            case MapToChar.SAVE_ITEMS -> {
                Packet items = ItemsLoaded.of(new SaveItems(save)).packet();
                parts.put(key(items), List.of(Compressed.of(items.bytes())));
                eggs = null;
            }
            case MapToChar.SAVE_PET, MapToChar.SAVE_HOMUNCULUS, MapToChar.SAVE_MERCENARY, MapToChar.SAVE_ELEMENTAL -> {
                CompanionKind kind = CompanionKind.of(save.id());
                if (kind != null) {
                    parts.put(
                            kind.loaded, List.of(Compressed.of(kind.loaded(save).bytes())));
                }
            }
            case MapToChar.SAVE_VARIABLES -> {
                new SaveVariables(save).variables().forEach(variable -> changed.put(key(variable), variable));
                if (changed.size() > MAX_CHANGED) {
                    variablesAsked();
                }
            }
            case MapToChar.SAVE_STATUS_CHANGES -> timed(save.copyAs(CharToMap.STATUS_CHANGES), now);
            case MapToChar.SAVE_COOLDOWNS -> timed(save.copyAs(CharToMap.COOLDOWNS), now);
            case MapToChar.SAVE_QUESTS ->
                parts.put(
                        CharToMap.QUESTS,
                        List.of(Compressed.of(save.copyAs(CharToMap.QUESTS).bytes())));
            case MapToChar.SAVE_ACHIEVEMENTS ->
                parts.put(
                        CharToMap.ACHIEVEMENTS,
                        List.of(Compressed.of(
                                save.copyAs(CharToMap.ACHIEVEMENTS).bytes())));
            default -> {
                // Of bonus scripts a host's word is not taken.
            }
        }
    }

    private void timed(Packet answer, Instant now) {
        since.put(answer.id(), now);
        parts.put(answer.id(), List.of(Compressed.of(answer.bytes())));
    }

    /** Status changes as they are now, to be saved; empty when none are known. */
    Optional<StatusChanges> statusChanges(Instant now, BuildLayout layout) {
        return plain(CharToMap.STATUS_CHANGES).stream()
                .map(kept -> new StatusChanges(kept, layout).loadedAfter(age(kept.id(), now)))
                .map(left -> StatusChanges.saved(left.accountId(), left.charId(), left.changes(), layout))
                .findFirst();
    }

    private Duration age(int key, Instant now) {
        return Duration.between(since.getOrDefault(key, now), now);
    }

    /** The answer to a load of what ends by itself, less the time that has passed. */
    private Packet aged(Packet kept, Instant now, BuildLayout layout) {
        Duration age = age(kept.id(), now);
        return switch (kept.id()) {
            case CharToMap.STATUS_CHANGES ->
                new StatusChanges(kept, layout).loadedAfter(age).packet();
            case CharToMap.COOLDOWNS ->
                new Cooldowns(kept, layout).loadedAfter(age).packet();
            case CharToMap.BONUS_SCRIPTS ->
                new BonusScripts(kept, layout).loadedAfter(age).packet();
            default -> kept;
        };
    }

    /**
     * The answer to a load. Empty when nothing was kept: no answer is invented, because a wrong "nothing" would clear what
     * the player has.
     */
    List<Packet> answer(Packet load, Instant now, BuildLayout layout) {
        CompanionKind kind = CompanionKind.of(load.id());
        if (kind != null) {
            int number = kind.number(load);
            return plain(kind.loaded).stream()
                    .filter(kept -> kind.number(kept) == number)
                    .toList();
        }
        if (load.id() == MapToChar.LOAD_VARIABLES) {
            return variables();
        }
        return plain(keyOfLoad(load)).stream()
                .map(kept -> aged(kept, now, layout))
                .toList();
    }

    /** As they were loaded, with what was saved since. */
    private List<Packet> variables() {
        List<Packet> answer = new ArrayList<>();
        for (Packet kept : plain(CharToMap.VARIABLES)) {
            VariablesLoaded part = new VariablesLoaded(kept);
            List<Variable> newer = changed.values().stream()
                    .filter(variable -> scope(variable) == part.scope()
                            && variable.kind() == (part.textual() ? Variable.Kind.TEXT : Variable.Kind.NUMBER))
                    .toList();
            for (int from = 0; from < newer.size(); from += IN_A_PART) {
                answer.add(part(
                        part, VariablesLoaded.MORE, newer.subList(from, Math.min(from + IN_A_PART, newer.size()))));
            }
            answer.add(part(
                    part,
                    part.scope(),
                    part.variables().stream()
                            .filter(variable -> !changed.containsKey(key(variable)))
                            .toList()));
        }
        return answer;
    }

    private static Packet part(VariablesLoaded of, int scope, List<Variable> variables) {
        return VariablesLoaded.of(of.accountId(), of.charId(), scope, of.textual(), variables)
                .packet();
    }

    private static String key(Variable variable) {
        return variable.name() + "[" + variable.index() + "]";
    }

    /** By its name, as a map-server has it. */
    private static int scope(Variable variable) {
        return variable.name().startsWith("##")
                ? VariablesLoaded.GLOBAL
                : variable.name().startsWith("#") ? VariablesLoaded.ACCOUNT : VariablesLoaded.CHARACTER;
    }

    /** Names the answer to a load, as {@link #key} names the answer itself; 0 for what is not kept. */
    static int keyOfLoad(Packet load) {
        return switch (load.id()) {
            case MapToChar.LOAD_VARIABLES -> CharToMap.VARIABLES;
            case MapToChar.LOAD_ITEMS -> items(new LoadItems(load).kind());
            case MapToChar.LOAD_STATUS_CHANGES -> CharToMap.STATUS_CHANGES;
            case MapToChar.LOAD_COOLDOWNS -> CharToMap.COOLDOWNS;
            case MapToChar.LOAD_BONUS_SCRIPTS -> CharToMap.BONUS_SCRIPTS;
            case MapToChar.LOAD_MAIL -> CharToMap.MAILBOX;
            case MapToChar.LOAD_QUESTS -> CharToMap.QUESTS;
            case MapToChar.LOAD_ACHIEVEMENTS -> CharToMap.ACHIEVEMENTS;
            default -> 0;
        };
    }

    private List<Packet> plain(int key) {
        return parts.getOrDefault(key, List.of()).stream()
                .map(part -> Packet.of(part.plain()))
                .toList();
    }

    /** Whether he has the egg of that pet, as far as is known from what was loaded and saved. */
    boolean hasEgg(int pet, BuildLayout layout) {
        Set<Integer> known = eggs;
        if (known == null) {
            known = new HashSet<>();
            for (ItemKind kind : ItemKind.values()) {
                for (Packet items : plain(items(kind))) {
                    eggsIn(items, layout).forEach(known::add);
                }
            }
            eggs = known;
        }
        return known.contains(pet);
    }

    private static IntStream eggsIn(Packet items, BuildLayout layout) {
        boolean whole = items.length()
                == InterPackets.CHAR_TO_MAP
                        .packet(items.id())
                        .list()
                        .base(1, layout.storage().size());
        return !whole
                ? IntStream.empty()
                : new ItemsLoaded(items)
                        .storage(layout).items().stream()
                                .filter(item -> item.card(0) == EGG)
                                .mapToInt(egg -> (egg.card(1) & 0xffff) | (egg.card(2) << Short.SIZE));
    }

    /** Bytes kept. */
    int size() {
        return parts.values().stream()
                .flatMap(List::stream)
                .mapToInt(Compressed::size)
                .sum();
    }

    static int key(Packet answer) {
        return switch (answer.id()) {
            case CharToMap.VARIABLES,
                    CharToMap.MAILBOX,
                    CharToMap.QUESTS,
                    CharToMap.ACHIEVEMENTS,
                    CharToMap.STATUS_CHANGES,
                    CharToMap.COOLDOWNS,
                    CharToMap.BONUS_SCRIPTS -> answer.id();
            case CharToMap.ITEMS -> items(new ItemsLoaded(answer).kind());
            // Of these a "no" is kept too: it is the char-server's own.
            case CharToMap.PET, CharToMap.HOMUNCULUS, CharToMap.MERCENARY, CharToMap.ELEMENTAL -> answer.id();
            default -> 0;
        };
    }

    /** Inventory, cart and storage are three answers with one id. */
    private static int items(@Nullable ItemKind kind) {
        return kind == null ? 0 : (CharToMap.ITEMS << Byte.SIZE) | kind.code();
    }
}
