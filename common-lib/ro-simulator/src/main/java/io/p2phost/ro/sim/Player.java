package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A character on a map-server: its record, its items, and how far it is loaded. */
final class Player {
    static final int HAS_CHARACTER_VARIABLES = 1;
    static final int HAS_ACCOUNT_VARIABLES = 2;
    static final int HAS_GLOBAL_VARIABLES = 4;
    static final int HAS_ALL_VARIABLES = 7;

    final int accountId;
    final int charId;
    final int loginId1;
    final int sex;
    final int address;

    /** Null once its client is gone. */
    @Nullable
    Client client;

    int loginId2;
    int groupId;
    Status status;
    Storage inventory = Storage.of(new byte[Storage.LENGTH]);
    Storage cart = Storage.of(new byte[Storage.LENGTH]);
    Storage storage = Storage.of(new byte[Storage.LENGTH]);
    final Map<Integer, Effect> effects = new LinkedHashMap<>();
    final Map<String, Long> variables = new TreeMap<>();
    final Map<String, Long> dirtyVariables = new TreeMap<>();
    byte[] achievements = new byte[0];
    boolean achievementsDirty;

    int received;
    boolean active;
    boolean loaded;
    boolean clientReady;
    boolean spawned;
    boolean leaving;

    /** Where it is; null before it was put anywhere. */
    @Nullable
    Field field;

    /** Name of the map it is on or on its way to. */
    String map = "";

    int x;
    int y;
    final List<int[]> path = new ArrayList<>();
    Timers.@Nullable Timer step;
    Timers.@Nullable Timer blow;
    int target;

    @Nullable
    Instant lastHit;

    int invitedTo;

    Trades.@Nullable Side trade;

    /** Its storage was changed, and the char-server has not said since that it is saved. */
    boolean storageDirty;

    boolean storageOpen;
    boolean writesMail;

    /** What it sells from its cart; null while it has no shop. */
    Shops.@Nullable Shop shop;

    final List<int[]> attached = new ArrayList<>();

    @Nullable
    Player askedToTrade;

    /** Its connection. */
    interface Client {
        void send(Packet packet);

        void close();

        /** The player is no longer this connection's. */
        void forget();
    }

    /** A status that ends by itself. */
    record Effect(int type, Instant ends, Timers.Timer timer) {}

    Player(int accountId, int charId, int loginId1, int sex, int address, Client client) {
        this.accountId = accountId;
        this.charId = charId;
        this.loginId1 = loginId1;
        this.sex = sex;
        this.address = address;
        this.client = client;
        status = Status.of(new byte[Status.LENGTH]);
    }

    String name() {
        return status.name();
    }

    void send(Packet packet) {
        if (client != null) {
            client.send(packet);
        }
    }

    Point point() {
        return new Point(map, x, y);
    }

    boolean near(int atX, int atY, int distance) {
        return Math.abs(atX - x) <= distance && Math.abs(atY - y) <= distance;
    }

    /** Items that go into the pack by stack or slot; -1 when it is full. */
    int give(Item item) {
        if (item.stackable()) {
            for (int slot = 0; slot < Storage.slots(Storage.INVENTORY); slot++) {
                Item lying = inventory.at(slot);
                if (lying != null && lying.sameKind(item) && lying.amount() + item.amount() <= MAX_STACK) {
                    inventory.put(slot, lying.withAmount(lying.amount() + item.amount()));
                    return slot;
                }
            }
        }
        int slot = inventory.freeSlot();
        if (slot >= 0) {
            inventory.put(slot, item);
        }
        return slot;
    }

    private static final int MAX_STACK = 30_000;

    /** What was taken out; null when there is not so much of it. */
    @Nullable
    Item take(int slot, int amount) {
        if (slot < 0 || slot >= Storage.slots(Storage.INVENTORY) || amount <= 0) {
            return null;
        }
        Item lying = inventory.at(slot);
        if (lying == null || lying.amount() < amount || lying.equip() != 0) {
            return null;
        }
        inventory.put(slot, lying.amount() == amount ? null : lying.withAmount(lying.amount() - amount));
        return lying.withAmount(amount);
    }

    /** What does not stack gets, from whoever has it first, an id nobody else gives. */
    Item marked(Item item) {
        if (item.stackable() || item.uniqueId() != 0) {
            return item;
        }
        long counter = status.uniqueItemCounter();
        status.uniqueItemCounter(counter + 1);
        return Item.created(item.nameId(), 1, (long) charId << 32 | counter);
    }

    void variable(String name, long value) {
        variables.put(name, value);
        dirtyVariables.put(name, value);
    }
}
