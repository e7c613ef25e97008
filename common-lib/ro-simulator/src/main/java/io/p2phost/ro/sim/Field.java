package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A loaded map: who and what is on it. Everybody on it sees everything on it. */
final class Field {
    private static final Duration FLOOR_LIFE = Duration.ofSeconds(60);
    private static final Duration LOOT_PRIORITY = Duration.ofSeconds(3);
    private static final int PICK_UP_DISTANCE = 2;
    private static final int MONSTER_KIND = 5;
    /** Nothing more falls: players cannot fill a server's memory. */
    private static final int MAX_FLOOR_ITEMS = 10_000;

    private final SimWorld.MapPlan plan;
    private final Ids ids;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Timers timers;
    private final SplittableRandom random;
    private final Set<Player> players = new LinkedHashSet<>();
    private final Map<Integer, Monster> monsters = new LinkedHashMap<>();
    private final Map<Integer, FloorItem> floor = new LinkedHashMap<>();

    /** Numbers for what lies and lives, one row for the whole server. */
    static final class Ids {
        private int floorItem = 3;
        private int monster = 110_000_000;

        int floorItem() {
            return floorItem++;
        }

        int monster() {
            return monster++;
        }
    }

    /** One that lives. */
    static final class Monster {
        final int id;
        final SimWorld.Spawn spawn;
        final int x;
        final int y;
        int hp;

        Monster(int id, SimWorld.Spawn spawn, int x, int y) {
            this.id = id;
            this.spawn = spawn;
            this.x = x;
            this.y = y;
            hp = spawn.monster().hp();
        }
    }

    /** Something that lies there; the owner may take it first. */
    record FloorItem(int id, Item item, int x, int y, int ownerCharId, Instant ownedUntil, Timers.Timer lapse) {}

    Field(SimWorld.MapPlan plan, Ids ids, Ledger ledger, InstantSource clock, Timers timers, SplittableRandom random) {
        this.plan = plan;
        this.ids = ids;
        this.ledger = ledger;
        this.clock = clock;
        this.timers = timers;
        this.random = random;
        for (SimWorld.Spawn spawn : plan.spawns()) {
            for (int i = 0; i < spawn.count(); i++) {
                appear(spawn);
            }
        }
    }

    String name() {
        return plan.name();
    }

    boolean contains(int x, int y) {
        return x >= 0 && x < plan.width() && y >= 0 && y < plan.height();
    }

    /** A cell to put somebody on who came without a good one. */
    int[] anyCell() {
        return new int[] {random.nextInt(1, plan.width() - 1), random.nextInt(1, plan.height() - 1)};
    }

    SimWorld.@Nullable Portal portalAt(int x, int y) {
        for (SimWorld.Portal portal : plan.portals()) {
            if (portal.touches(x, y)) {
                return portal;
            }
        }
        return null;
    }

    private void appear(SimWorld.Spawn spawn) {
        int[] cell = anyCell();
        Monster monster = new Monster(ids.monster(), spawn, cell[0], cell[1]);
        monsters.put(monster.id, monster);
        toAll(show(monster));
    }

    private static Packet show(Monster monster) {
        return ClientPackets.stands(
                MONSTER_KIND,
                monster.id,
                0,
                monster.spawn.monster().id(),
                monster.x,
                monster.y,
                monster.spawn.monster().name());
    }

    private static Packet show(Player player) {
        return ClientPackets.stands(0, player.accountId, player.charId, 0, player.x, player.y, player.name());
    }

    void enter(Player player) {
        toAll(show(player));
        for (Player other : players) {
            player.send(show(other));
        }
        for (Monster monster : monsters.values()) {
            player.send(show(monster));
            player.send(ClientPackets.name(monster.id, monster.spawn.monster().name()));
        }
        for (FloorItem item : floor.values()) {
            player.send(ClientPackets.itemFell(item.id(), item.item(), item.x(), item.y()));
        }
        players.add(player);
    }

    void leave(Player player) {
        if (players.remove(player)) {
            toAll(ClientPackets.vanish(player.accountId, false));
        }
    }

    void toAll(Packet packet) {
        for (Player player : players) {
            player.send(packet);
        }
    }

    void toOthers(Player except, Packet packet) {
        for (Player player : players) {
            if (player != except) {
                player.send(packet);
            }
        }
    }

    @Nullable
    Monster monster(int id) {
        return monsters.get(id);
    }

    List<Monster> monsters() {
        return new ArrayList<>(monsters.values());
    }

    /** It is dead; what it leaves lies where it stood, the killer's for a moment. */
    void die(Monster monster, Player killer) {
        monsters.remove(monster.id);
        toAll(ClientPackets.vanish(monster.id, true));
        for (SimWorld.Drop drop : monster.spawn.monster().drops()) {
            if (random.nextInt(10_000) < drop.rate()) {
                Item left = Item.created(drop.nameId(), 1, 0);
                if (fall(left, monster.x, monster.y, killer) != null) {
                    ledger.made(left);
                }
            }
        }
        timers.in(monster.spawn.respawn(), () -> appear(monster.spawn));
    }

    /** Where it fell; null when too much lies here already. */
    @Nullable
    FloorItem fall(Item item, int x, int y, @Nullable Player owner) {
        if (floor.size() >= MAX_FLOOR_ITEMS) {
            return null;
        }
        int id = ids.floorItem();
        FloorItem lying = new FloorItem(
                id,
                item,
                x,
                y,
                owner == null ? 0 : owner.charId,
                clock.instant().plus(LOOT_PRIORITY),
                timers.in(FLOOR_LIFE, () -> lapse(id)));
        floor.put(id, lying);
        toAll(ClientPackets.itemFell(id, item, x, y));
        return lying;
    }

    private void lapse(int floorId) {
        FloorItem item = floor.remove(floorId);
        if (item != null) {
            ledger.gone(item.item());
            toAll(ClientPackets.itemGone(floorId));
        }
    }

    /** What this player may take now. */
    @Nullable
    FloorItem within(int floorId, Player player) {
        FloorItem item = floor.get(floorId);
        if (item == null || !player.near(item.x(), item.y(), PICK_UP_DISTANCE)) {
            return null;
        }
        boolean free = item.ownerCharId() == 0
                || item.ownerCharId() == player.charId
                || !clock.instant().isBefore(item.ownedUntil());
        return free ? item : null;
    }

    void taken(FloorItem item) {
        timers.cancel(item.lapse());
        floor.remove(item.id());
        toAll(ClientPackets.itemGone(item.id()));
    }

    /** All that lies here of one kind. */
    long lying(int nameId) {
        return floor.values().stream()
                .filter(item -> item.item().nameId() == nameId)
                .mapToLong(item -> item.item().amount())
                .sum();
    }
}
