package io.p2phost.ro.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a char-server keeps in SQL: it outlives the char-server's memory, and tests look at it. Bound by what tests
 * create; nothing a client sends makes a new row but items, variables and parties of its own.
 */
public final class SimDatabase {
    private final Map<Integer, Row> characters = new TreeMap<>();
    private final Map<Integer, List<Item>> inventories = new TreeMap<>();
    private final Map<Integer, List<Item>> carts = new TreeMap<>();
    private final Map<Integer, List<Item>> storages = new TreeMap<>();
    private final Map<Integer, List<StatusChange>> statusChanges = new TreeMap<>();
    private final Map<Integer, byte[]> cooldowns = new TreeMap<>();
    private final Map<Integer, byte[]> bonusScripts = new TreeMap<>();
    private final Map<Integer, Map<Variable, Object>> characterVariables = new TreeMap<>();
    private final Map<Integer, Map<Variable, Object>> accountVariables = new TreeMap<>();
    private final Map<Integer, byte[]> quests = new TreeMap<>();
    private final Map<Integer, byte[]> achievements = new TreeMap<>();
    private final Map<Integer, Party> parties = new TreeMap<>();
    private int nextCharId = 150_000;
    private int nextItemId = 1;
    private int nextPartyId = 1;
    private BooleanSupplier writeFails = () -> false;
    private boolean readsFail;

    /** A row of the character table. */
    static final class Row {
        private final Status status;
        private boolean online;

        Row(Status status) {
            this.status = status;
        }
    }

    /** Name and index of a variable. */
    record Variable(String name, long index) implements Comparable<Variable> {
        @Override
        public int compareTo(Variable other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : Long.compare(index, other.index);
        }
    }

    /**
     * A status change that waits for its character's return.
     *
     * @param tick milliseconds left
     */
    public record StatusChange(int type, long val1, long val2, long val3, long val4, long tick) {}

    /** From now on writes do nothing, as when a table is locked, renamed or full. */
    public void failWrites(boolean fail) {
        writeFails = () -> fail;
    }

    /** From now on single writes do nothing, as when a database comes and goes: asked once for each. */
    public void failWrites(BooleanSupplier fails) {
        writeFails = fails;
    }

    /** From now on nothing is found; what a char-server has in its cache goes on. */
    public void failReads(boolean fail) {
        readsFail = fail;
    }

    /** A novice on this cell with what a novice has. */
    public int createCharacter(int accountId, String name, int slot, int sex, Point start) {
        int charId = nextCharId++;
        characters.put(charId, new Row(Status.novice(charId, accountId, name, slot, sex, start)));
        List<Item> items = new ArrayList<>();
        items.add(Item.created(1201, 1, 0).worn(2).withId(nextItemId++));
        items.add(Item.created(2301, 1, 0).worn(16).withId(nextItemId++));
        inventories.put(charId, items);
        return charId;
    }

    /** Another item in his inventory; what does not stack has an id that no server gives. */
    public void give(int charId, int nameId, int amount) {
        long uniqueId = SimWorld.stacks(nameId) ? 0 : ((long) charId << Integer.SIZE) | 0x8000_0000L;
        inventories
                .computeIfAbsent(charId, any -> new ArrayList<>())
                .add(Item.created(nameId, amount, uniqueId).withId(nextItemId++));
    }

    /** From now on he has so much money. */
    public void zeny(int charId, int zeny) {
        row(charId).status.zeny(zeny);
    }

    /** The next character gets this id: some rules ask for its low byte. */
    public void nextCharId(int charId) {
        nextCharId = charId;
    }

    public boolean exists(int charId) {
        return characters.containsKey(charId);
    }

    /** A copy of the stored record. */
    public Status status(int charId) {
        return row(charId).status.copy();
    }

    public boolean online(int charId) {
        return row(charId).online;
    }

    public List<Item> inventory(int charId) {
        return List.copyOf(inventories.getOrDefault(charId, List.of()));
    }

    public List<Item> cart(int charId) {
        return List.copyOf(carts.getOrDefault(charId, List.of()));
    }

    public List<Item> storage(int accountId) {
        return List.copyOf(storages.getOrDefault(accountId, List.of()));
    }

    public List<StatusChange> statusChanges(int charId) {
        return List.copyOf(statusChanges.getOrDefault(charId, List.of()));
    }

    /** Number or text of a character's variable; null when it has none of that name. */
    public @Nullable Object characterVariable(int charId, String name) {
        return characterVariables.getOrDefault(charId, Map.of()).get(new Variable(name, 0));
    }

    /** Members by name, leader first; empty when there is no such party. */
    public List<String> partyMembers(int partyId) {
        Party party = parties.get(partyId);
        return party == null
                ? List.of()
                : party.members().stream().map(Party.Member::name).toList();
    }

    /** Ids of all characters. */
    public List<Integer> characterIds() {
        return List.copyOf(characters.keySet());
    }

    /** A party of these, the first its leader; they are in it from their next login on. */
    public int formParty(String name, List<Integer> charIds) {
        Party party = null;
        for (int charId : charIds) {
            Status status = row(charId).status;
            Party.Member member = Party.Member.of(status, status.lastPoint().map());
            if (party == null) {
                party = createParty(name, 0, member);
            } else if (!party.join(member)) {
                throw new IllegalArgumentException("party: more than " + Party.MAX_MEMBERS);
            }
            member.online(false);
            status.partyId(party.id());
        }
        if (party == null) {
            throw new IllegalArgumentException("party: nobody (expected: a leader)");
        }
        return party.id();
    }

    /** How many of this item all characters have stored: what no history may raise by itself. */
    public long total(int nameId) {
        long total = 0;
        for (Map<Integer, List<Item>> store : List.of(inventories, carts, storages)) {
            for (List<Item> items : store.values()) {
                for (Item item : items) {
                    total += item.nameId() == nameId ? item.amount() : 0;
                }
            }
        }
        return total;
    }

    private Row row(int charId) {
        Row row = characters.get(charId);
        if (row == null) {
            throw new IllegalArgumentException("character: " + charId + " (expected: one that was created)");
        }
        return row;
    }

    // What the char-server does.

    @Nullable
    Status read(int charId) {
        Row row = readsFail ? null : characters.get(charId);
        return row == null ? null : row.status.copy();
    }

    boolean write(Status status) {
        if (writeFails.getAsBoolean()) {
            return false;
        }
        Row old = characters.get(status.charId());
        if (old != null) {
            Row row = new Row(status.copy());
            row.online = old.online;
            characters.put(status.charId(), row);
        }
        return true;
    }

    void online(int charId, boolean online) {
        Row row = characters.get(charId);
        if (row != null && !writeFails.getAsBoolean()) {
            row.online = online;
        }
    }

    void accountOffline(int accountId) {
        for (Row row : characters.values()) {
            if (row.status.accountId() == accountId && !writeFails.getAsBoolean()) {
                row.online = false;
            }
        }
    }

    void allOffline() {
        boolean fails = writeFails.getAsBoolean();
        for (Row row : characters.values()) {
            row.online &= fails;
        }
    }

    List<Status> charactersOf(int accountId) {
        List<Status> found = new ArrayList<>();
        for (Row row : characters.values()) {
            if (row.status.accountId() == accountId && !readsFail) {
                found.add(row.status);
            }
        }
        return found;
    }

    @Nullable
    Status named(String name) {
        for (Row row : characters.values()) {
            if (row.status.name().equals(name) && !readsFail) {
                return row.status;
            }
        }
        return null;
    }

    private @Nullable Map<Integer, List<Item>> store(int type) {
        return switch (type) {
            case Storage.INVENTORY -> inventories;
            case Storage.CART -> carts;
            case Storage.STORAGE -> storages;
            default -> null;
        };
    }

    /** Null when it cannot be read or there is no such kind of storage. */
    @Nullable
    List<Item> items(int type, int owner) {
        Map<Integer, List<Item>> store = store(type);
        return store == null || readsFail ? null : store.getOrDefault(owner, List.of());
    }

    boolean items(int type, int owner, List<Item> items) {
        Map<Integer, List<Item>> store = store(type);
        if (store == null || writeFails.getAsBoolean()) {
            return false;
        }
        List<Item> old = new ArrayList<>(store.getOrDefault(owner, List.of()));
        List<Item> saved = new ArrayList<>();
        for (Item item : items) {
            saved.add(withRow(item, old));
        }
        store.put(owner, saved);
        return true;
    }

    /** Items a map-server made have no row yet: the row of the same thing saved before, or a new one. */
    private Item withRow(Item item, List<Item> old) {
        for (int i = 0; i < old.size(); i++) {
            if (old.get(i).sameKind(item)) {
                return item.withId(old.remove(i).id());
            }
        }
        return item.withId(nextItemId++);
    }

    @Nullable
    List<StatusChange> readStatusChanges(int charId) {
        return readsFail ? null : statusChanges.getOrDefault(charId, List.of());
    }

    void writeStatusChanges(int charId, List<StatusChange> changes) {
        if (!writeFails.getAsBoolean()) {
            statusChanges.put(charId, changes);
        }
    }

    /** What loading deletes; null when there is none. */
    byte @Nullable [] take(boolean bonus, int charId) {
        Map<Integer, byte[]> store = bonus ? bonusScripts : cooldowns;
        if (readsFail) {
            return null;
        }
        return writeFails.getAsBoolean() ? store.get(charId) : store.remove(charId);
    }

    /** Cooldowns are added to, bonus scripts replaced. */
    void keep(boolean bonus, int charId, byte[] entries) {
        if (writeFails.getAsBoolean()) {
            return;
        }
        if (bonus) {
            bonusScripts.put(charId, entries);
            if (entries.length == 0) {
                bonusScripts.remove(charId);
            }
        } else if (entries.length > 0) {
            byte[] old = cooldowns.getOrDefault(charId, new byte[0]);
            byte[] all = java.util.Arrays.copyOf(old, old.length + entries.length);
            System.arraycopy(entries, 0, all, old.length, entries.length);
            cooldowns.put(charId, all);
        }
    }

    Map<Variable, Object> variables(boolean account, int id) {
        Map<Integer, Map<Variable, Object>> store = account ? accountVariables : characterVariables;
        return readsFail ? Map.of() : store.getOrDefault(id, Map.of());
    }

    void variable(boolean account, int id, Variable variable, @Nullable Object value) {
        if (writeFails.getAsBoolean()) {
            return;
        }
        Map<Variable, Object> values =
                (account ? accountVariables : characterVariables).computeIfAbsent(id, key -> new LinkedHashMap<>());
        if (value == null) {
            values.remove(variable);
        } else {
            values.put(variable, value);
        }
    }

    byte[] log(boolean achievement, int charId) {
        return (achievement ? achievements : quests).getOrDefault(charId, new byte[0]);
    }

    boolean log(boolean achievement, int charId, byte[] entries) {
        boolean takes = !writeFails.getAsBoolean();
        if (takes) {
            (achievement ? achievements : quests).put(charId, entries);
        }
        return takes;
    }

    Party createParty(String name, int shared, Party.Member leader) {
        Party party = new Party(nextPartyId++, name, shared, leader);
        parties.put(party.id(), party);
        return party;
    }

    @Nullable
    Party party(int partyId) {
        return readsFail ? null : parties.get(partyId);
    }

    @Nullable
    Party partyNamed(String name) {
        for (Party party : parties.values()) {
            if (party.name().equals(name)) {
                return party;
            }
        }
        return null;
    }

    void partyGone(int partyId) {
        parties.remove(partyId);
    }

    void setParty(int charId, int partyId) {
        Row row = characters.get(charId);
        if (row != null && !writeFails.getAsBoolean()) {
            row.status.partyId(partyId);
        }
    }

    void everyPartyOffline() {
        for (Party party : parties.values()) {
            party.everybodyOffline();
        }
    }
}
