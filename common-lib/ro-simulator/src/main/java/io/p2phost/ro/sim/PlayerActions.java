package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What players do on a map-server, and what comes of it. */
final class PlayerActions {
    private static final int STRAIGHT_MILLIS = 150;
    private static final int DIAGONAL_MILLIS = 210;
    private static final int MAX_WALK = 17;
    private static final int ATTACK_DISTANCE = 2;
    private static final int KEEP_ATTACKING = 7;
    private static final Duration ATTACK_DELAY = Duration.ofMillis(600);
    private static final Duration POTION = Duration.ofMinutes(30);
    private static final int WEIGHT = 24;
    private static final int MAX_WEIGHT = 25;
    private static final int HP = 5;
    private static final int BASE_LEVEL = 11;
    private static final int BASE_EXP = 1;
    private static final int JOB_EXP = 2;
    private static final int NEXT_BASE_EXP = 22;
    private static final String KILLS = "SIM_KILLS";

    private final SimMapServer server;
    private final CharSide charSide;
    private final MapTalk talk;
    private final MapServerSettings settings;
    private final Timers timers;
    private final InstantSource clock;
    private final AtCommands commands;
    private final Trades trades;
    private final Stores stores;
    private final Shops shops;
    private final Mails mails;

    PlayerActions(
            SimMapServer server,
            CharSide charSide,
            MapTalk talk,
            MapServerSettings settings,
            Timers timers,
            InstantSource clock) {
        this.server = server;
        this.charSide = charSide;
        this.talk = talk;
        this.settings = settings;
        this.timers = timers;
        this.clock = clock;
        commands = new AtCommands(this);
        trades = new Trades(server, charSide::save);
        stores = new Stores(charSide::save);
        shops = new Shops(server, charSide::save);
        mails = new Mails(charSide);
    }

    // Coming and going.

    /** False: neither its map nor the default one is loaded here. */
    boolean place(Player player, Point wanted, Point otherwise) {
        Point to = server.field(wanted.map()) != null ? wanted : otherwise;
        Field field = server.field(to.map());
        if (field == null) {
            return false;
        }
        put(player, field, to);
        return true;
    }

    private static void put(Player player, Field field, Point to) {
        boolean cell = field.contains(to.x(), to.y()) && (to.x() != 0 || to.y() != 0);
        int[] at = cell ? new int[] {to.x(), to.y()} : field.anyCell();
        player.field = field;
        player.map = field.name();
        player.x = at[0];
        player.y = at[1];
    }

    /** It is let in; who comes from another map-server is not greeted again. */
    void welcome(Player player, boolean changingServer) {
        player.send(ClientPackets.inventorySize());
        player.send(ClientPackets.entered(server.tickCount(), player.x, player.y));
        player.send(ClientPackets.friends());
        if (!changingServer) {
            player.send(ClientPackets.text(ClientPackets.ZC_CHAT, "Welcome."));
            player.send(ClientPackets.map(player.point()));
        }
    }

    /** The client has loaded the map; unless we still wait for something, it appears. */
    private void clientLoaded(Player player) {
        if (player.spawned) {
            return;
        }
        player.clientReady = true;
        if (player.active && player.loaded) {
            spawn(player);
        }
    }

    void spawn(Player player) {
        Field field = player.field;
        if (field == null || player.spawned) {
            return;
        }
        player.clientReady = false;
        player.spawned = true;
        sendItems(player);
        player.send(ClientPackets.parameter(WEIGHT, weight(player)));
        player.send(ClientPackets.parameter(MAX_WEIGHT, 20_300));
        player.send(ClientPackets.exp(BASE_EXP, player.status.baseExp()));
        player.send(ClientPackets.exp(NEXT_BASE_EXP, SimWorld.nextBaseExp(player.status.baseLevel())));
        player.send(ClientPackets.exp(JOB_EXP, player.status.jobExp()));
        for (Player.Effect effect : player.effects.values()) {
            int left = (int) Duration.between(clock.instant(), effect.ends()).toMillis();
            player.send(ClientPackets.icon(effect.type(), player.accountId, left));
        }
        field.enter(player);
        talk.partyMoved(player, true);
    }

    private static void sendItems(Player player) {
        Map<Integer, Item> stacks = new LinkedHashMap<>();
        Map<Integer, Item> equipment = new LinkedHashMap<>();
        for (int slot = 0; slot < Storage.slots(Storage.INVENTORY); slot++) {
            Item item = player.inventory.at(slot);
            if (item != null) {
                (SimWorld.stacks(item.nameId()) ? stacks : equipment).put(slot, item);
            }
        }
        player.send(ClientPackets.itemsBegin());
        if (!stacks.isEmpty()) {
            player.send(ClientPackets.items(false, stacks));
        }
        if (!equipment.isEmpty()) {
            player.send(ClientPackets.items(true, equipment));
        }
        player.send(ClientPackets.itemsEnd());
    }

    /** Off the map it was on. */
    void vanish(Player player) {
        stop(player);
        if (player.field != null) {
            player.field.leave(player);
        }
        player.spawned = false;
    }

    /** Walks and fights no more. */
    void stop(Player player) {
        player.path.clear();
        timers.cancel(player.step);
        timers.cancel(player.blow);
        player.step = null;
        player.blow = null;
        player.target = 0;
    }

    /** Whether this server has loaded the map. */
    boolean has(String map) {
        return server.field(map) != null;
    }

    /** To another map: here, on another server, or nowhere when nobody has it. */
    void warp(Player player, Point to) {
        Field field = server.field(to.map());
        if (field == null) {
            charSide.changeServer(player, to);
            return;
        }
        vanish(player);
        put(player, field, to);
        player.send(ClientPackets.map(player.point()));
    }

    // Packets.

    /** False: not a packet of a player's client, so the connection ends. */
    boolean handle(Player player, Packet packet) {
        if (!player.spawned && packet.id() != ClientPackets.CZ_LOADED) {
            // Who is on no map yet, or no more, is not heard.
            return true;
        }
        switch (packet.id()) {
            case ClientPackets.CZ_LOADED -> clientLoaded(player);
            case ClientPackets.CZ_TICK -> player.send(ClientPackets.tick(ClientPackets.ZC_TICK, server.tickCount()));
            case ClientPackets.CZ_WALK ->
                walkRequest(player, ClientPackets.positionX(packet, 2), ClientPackets.positionY(packet, 2));
            case ClientPackets.CZ_ACT -> act(player, packet.i32(2), packet.u8(6));
            case ClientPackets.CZ_PICK_UP -> pickUp(player, packet.i32(2));
            case ClientPackets.CZ_DROP -> drop(player, packet.u16(2) - 2, packet.u16(4));
            case ClientPackets.CZ_USE_ITEM -> use(player, packet.u16(2) - 2);
            case ClientPackets.CZ_CHAT -> chat(player, ClientPackets.text(packet));
            case ClientPackets.CZ_WHISPER ->
                whisper(player, packet.text(4, Names.LENGTH), packet.text(28, packet.length() - 28));
            case ClientPackets.CZ_PARTY_CHAT -> partyChat(player, ClientPackets.text(packet));
            case ClientPackets.CZ_PARTY_CREATE -> createParty(player, packet.text(2, Names.LENGTH));
            case ClientPackets.CZ_PARTY_INVITE -> invite(player, packet.text(2, Names.LENGTH));
            case ClientPackets.CZ_PARTY_ANSWER -> answerInvitation(player, packet.i32(2), packet.u8(6) != 0);
            case ClientPackets.CZ_PARTY_LEAVE -> talk.leaveParty(player);
            case ClientPackets.CZ_RESTART -> restart(player, packet.u8(2));
            case ClientPackets.CZ_QUIT -> player.send(ClientPackets.quitAck());
            default -> {
                return trades.handle(player, packet)
                        || stores.handle(player, packet)
                        || shops.handle(player, packet)
                        || mails.handle(player, packet);
            }
        }
        return true;
    }

    private void restart(Player player, int type) {
        if (type == 1) {
            charSide.charSelect(player);
        }
    }

    // Walking.

    private void walkRequest(Player player, int x, int y) {
        Field field = player.field;
        if (field == null || !player.spawned || !field.contains(x, y) || !player.near(x, y, MAX_WALK)) {
            return;
        }
        stop(player);
        player.send(ClientPackets.walks(server.tickCount(), player.x, player.y, x, y));
        walk(player, x, y);
    }

    private void walk(Player player, int x, int y) {
        int atX = player.x;
        int atY = player.y;
        player.path.clear();
        while (atX != x || atY != y) {
            atX += Integer.signum(x - atX);
            atY += Integer.signum(y - atY);
            player.path.add(new int[] {atX, atY});
        }
        nextStep(player);
    }

    private void nextStep(Player player) {
        timers.cancel(player.step);
        player.step = null;
        if (player.path.isEmpty()) {
            return;
        }
        int[] cell = player.path.getFirst();
        boolean diagonal = cell[0] != player.x && cell[1] != player.y;
        player.step =
                timers.in(Duration.ofMillis(diagonal ? DIAGONAL_MILLIS : STRAIGHT_MILLIS), () -> step(player, cell));
    }

    private void step(Player player, int[] cell) {
        player.step = null;
        player.path.removeFirst();
        player.x = cell[0];
        player.y = cell[1];
        Field field = player.field;
        SimWorld.Portal portal = field == null ? null : field.portalAt(player.x, player.y);
        if (portal != null) {
            player.path.clear();
            player.target = 0;
            warp(player, portal.to());
            return;
        }
        if (player.target != 0 && inReach(player)) {
            player.path.clear();
            strike(player);
            return;
        }
        nextStep(player);
    }

    // Fighting.

    private void act(Player player, int target, int action) {
        Field field = player.field;
        Field.Monster monster = field == null || !player.spawned ? null : field.monster(target);
        if (monster == null || (action != 0 && action != KEEP_ATTACKING)) {
            return;
        }
        stop(player);
        player.target = target;
        if (inReach(player)) {
            strike(player);
        } else {
            walk(player, monster.x, monster.y);
        }
    }

    private boolean inReach(Player player) {
        Field.Monster monster = target(player);
        return monster != null && player.near(monster.x, monster.y, ATTACK_DISTANCE);
    }

    private Field.@Nullable Monster target(Player player) {
        return player.field == null ? null : player.field.monster(player.target);
    }

    private void strike(Player player) {
        player.blow = null;
        Field.Monster monster = target(player);
        Field field = player.field;
        if (monster == null || field == null || !inReach(player)) {
            player.target = 0;
            return;
        }
        int damage = Math.min(monster.hp, 15 + player.status.stat(0));
        monster.hp -= damage;
        field.toAll(ClientPackets.damage(player.accountId, monster.id, server.tickCount(), damage));
        player.send(ClientPackets.monsterHp(
                monster.id, monster.hp, monster.spawn.monster().hp()));
        if (monster.hp > 0) {
            strikeBack(player, monster);
            player.blow = timers.in(ATTACK_DELAY, () -> strike(player));
            return;
        }
        player.target = 0;
        kill(player, field, monster);
    }

    private void strikeBack(Player player, Field.Monster monster) {
        player.lastHit = clock.instant();
        int hp = Math.max(1, player.status.hp() - 1);
        player.status.hp(hp);
        player.send(ClientPackets.damage(monster.id, player.accountId, server.tickCount(), 1));
        player.send(ClientPackets.parameter(HP, hp));
    }

    private void kill(Player player, Field field, Field.Monster monster) {
        SimWorld.Monster kind = monster.spawn.monster();
        field.die(monster, player);
        player.variable(KILLS, player.variables.getOrDefault(KILLS, 0L) + 1);
        countKill(player);
        gain(player, kind.baseExp(), kind.jobExp());
    }

    /** One entry: kills, as the achievement of them counts. */
    private static void countKill(Player player) {
        Packet entry = Packet.of(player.achievements.length == 72 ? player.achievements : new byte[72]);
        entry.u32(0, 230_201).u32(4, entry.u32(4) + 1);
        player.achievements = entry.bytes();
        player.achievementsDirty = true;
    }

    private void gain(Player player, long base, long job) {
        Status status = player.status;
        long next = SimWorld.nextBaseExp(status.baseLevel());
        long exp = status.baseExp() + base;
        if (exp >= next) {
            // One level at most; what is more is cut.
            exp = Math.min(exp - next, SimWorld.nextBaseExp(status.baseLevel() + 1) - 1);
            level(player, status.baseLevel() + 1);
        }
        status.baseExp(exp).jobExp(status.jobExp() + job);
        player.send(ClientPackets.exp(BASE_EXP, status.baseExp()));
        player.send(ClientPackets.exp(JOB_EXP, status.jobExp()));
        player.send(ClientPackets.expGained(player.accountId, BASE_EXP, base));
        player.send(ClientPackets.expGained(player.accountId, JOB_EXP, job));
    }

    void level(Player player, int level) {
        player.status.baseLevel(Math.clamp(level, 1, 99));
        player.send(ClientPackets.parameter(BASE_LEVEL, player.status.baseLevel()));
    }

    // Items.

    private void pickUp(Player player, int floorId) {
        Field field = player.field;
        Field.FloorItem lying = field == null || !player.spawned ? null : field.within(floorId, player);
        if (field == null || lying == null) {
            return;
        }
        Item item = player.marked(lying.item());
        int slot = player.give(item);
        if (slot < 0) {
            player.send(ClientPackets.itemRefused());
            return;
        }
        field.taken(lying);
        picked(player, slot, item);
    }

    private static void picked(Player player, int slot, Item item) {
        player.send(ClientPackets.itemPicked(slot, item, item.amount()));
        player.send(ClientPackets.parameter(WEIGHT, weight(player)));
    }

    private static int weight(Player player) {
        return player.inventory.items().stream()
                .mapToInt(item -> 10 * item.amount())
                .sum();
    }

    private void drop(Player player, int slot, int amount) {
        Field field = player.field;
        Item dropped = field == null || !player.spawned ? null : player.take(slot, amount);
        if (field == null || dropped == null) {
            player.send(ClientPackets.itemDropped(slot, 0));
            return;
        }
        if (field.fall(dropped.withId(0), player.x, player.y, null) == null) {
            player.give(dropped);
            player.send(ClientPackets.itemDropped(slot, 0));
            return;
        }
        player.send(ClientPackets.itemDropped(slot, amount));
        player.send(ClientPackets.parameter(WEIGHT, weight(player)));
    }

    private void use(Player player, int slot) {
        Item one = player.take(slot, 1);
        if (one == null) {
            return;
        }
        server.ledger().gone(one);
        Item left = player.inventory.at(slot);
        player.send(ClientPackets.itemUsed(slot, one.nameId(), player.accountId, left == null ? 0 : left.amount()));
        int type = SimWorld.statusOf(one.nameId());
        if (type != 0) {
            effect(player, type, POTION);
        }
    }

    void item(Player player, int nameId, int amount) {
        int count = SimWorld.stacks(nameId) ? 1 : amount;
        for (int i = 0; i < count; i++) {
            Item item = player.marked(Item.created(nameId, SimWorld.stacks(nameId) ? amount : 1, 0));
            int slot = player.give(item);
            if (slot < 0) {
                player.send(ClientPackets.itemRefused());
                return;
            }
            server.ledger().made(item);
            picked(player, slot, item);
        }
    }

    void openStorage(Player player) {
        stores.open(player);
    }

    /** The char-server's word on a mail of this player's. */
    void mailSent(Player player, Packet packet) {
        mails.sent(player, packet);
    }

    void zeny(Player player, long more) {
        long zeny = Math.clamp(player.status.zeny() + more, 0, Integer.MAX_VALUE);
        player.status.zeny((int) zeny);
        player.send(ClientPackets.zeny((int) zeny));
    }

    // Status changes.

    /** From now on, for so long; one of the same type begins anew. */
    void effect(Player player, int type, Duration length) {
        Player.Effect old = player.effects.get(type);
        if (old != null) {
            timers.cancel(old.timer());
        }
        Timers.Timer timer = timers.in(length, () -> {
            player.effects.remove(type);
            player.send(ClientPackets.iconOff(type, player.accountId));
        });
        player.effects.put(type, new Player.Effect(type, clock.instant().plus(length), timer));
        if (player.spawned) {
            player.send(ClientPackets.icon(type, player.accountId, (int) length.toMillis()));
        }
    }

    /** What is left of them, to be saved. */
    List<SimDatabase.StatusChange> effects(Player player) {
        Instant now = clock.instant();
        List<SimDatabase.StatusChange> changes = new ArrayList<>();
        for (Player.Effect effect : player.effects.values()) {
            changes.add(new SimDatabase.StatusChange(
                    effect.type(),
                    1,
                    0,
                    0,
                    0,
                    Duration.between(now, effect.ends()).toMillis()));
        }
        return changes;
    }

    // Talking.

    /** Only in one's own name; commands are plain talk for whom they are not. */
    private void chat(Player player, String text) {
        String prefix = player.name() + " : ";
        if (!text.startsWith(prefix) || player.field == null) {
            return;
        }
        String said = text.substring(prefix.length());
        // Groups may be given any command; everybody may have his storage where he stands.
        boolean may = player.groupId >= settings.commandGroup() || said.equals("@storage");
        if (may && said.startsWith("@")) {
            commands.run(player, said);
            return;
        }
        player.send(ClientPackets.text(ClientPackets.ZC_CHAT, text));
        player.field.toOthers(player, ClientPackets.chatOfOther(player.accountId, text));
    }

    void tell(Player player, String text) {
        player.send(ClientPackets.text(ClientPackets.ZC_CHAT, text));
    }

    private void whisper(Player player, String target, String text) {
        Player here = server.named(target);
        if (here != null) {
            here.send(ClientPackets.whispered(player.name(), text));
            player.send(ClientPackets.whisperAck(0));
        } else {
            talk.whisper(player, target, text);
        }
    }

    private void partyChat(Player player, String text) {
        if (text.startsWith(player.name() + " : ")) {
            talk.partySay(player, text);
        }
    }

    private void createParty(Player player, String name) {
        if (player.status.partyId() == 0) {
            talk.createParty(player, name);
        }
    }

    private void invite(Player player, String name) {
        int partyId = player.status.partyId();
        Party party = talk.party(partyId);
        Player target = server.named(name);
        if (party == null || target == null || target.status.partyId() != 0) {
            player.send(ClientPackets.partyInviteAck(name, target == null ? 7 : 0));
            return;
        }
        target.invitedTo = partyId;
        target.send(ClientPackets.partyInvited(partyId, party.name()));
    }

    private void answerInvitation(Player player, int partyId, boolean accept) {
        if (player.invitedTo == partyId && partyId != 0 && accept) {
            talk.joinParty(player, partyId);
        }
        player.invitedTo = 0;
    }
}
