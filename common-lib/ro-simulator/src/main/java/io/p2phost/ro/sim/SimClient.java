package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientVersions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A player's client: logs in, picks its character, enters, and does what it is told. It follows its servers wherever
 * they send it, on a new connection or on the one it has, and takes note of everything that should never reach a client.
 */
public final class SimClient implements Machine {
    private static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Duration WALK_CHECK = Duration.ofMillis(100);
    private static final int LEG = 12;
    private static final int STRAIGHT_MILLIS = 150;
    private static final int DIAGONAL_MILLIS = 210;
    /** Of each kind of note, the newest are kept. */
    private static final int MOST_NOTES = 1_000;

    private final Endpoint loginServer;
    private final String name;
    private final String password;
    private final InstantSource clock;
    private final Dialer dialer;
    private final Timers timers;

    private final Deque<String> chat = new ArrayDeque<>();
    private final Deque<String> whispers = new ArrayDeque<>();
    private final Deque<String> partyChat = new ArrayDeque<>();
    private final Deque<String> faults = new ArrayDeque<>();
    private final Map<Integer, Point> monsters = new LinkedHashMap<>();
    private final Map<Integer, int[]> floor = new LinkedHashMap<>();
    private final Map<Integer, int[]> pack = new LinkedHashMap<>();
    /** Into a trade, and not answered yet: how many by slot. */
    private final Map<Integer, Integer> offered = new LinkedHashMap<>();

    private final List<Integer> icons = new ArrayList<>();

    private Phase phase = Phase.AWAY;
    private @Nullable Connection connection;
    private int slot;
    private int accountId;
    private int charId;
    private int loginId1;
    private int loginId2;
    private int sex;
    private int lastBan = -1;
    private int lastWhisperResult = -1;
    private int zeny;
    private long baseExp;
    private int invitedTo;
    private int shopOf;
    private int shop;
    private int lastMailResult = -1;
    private int entries;
    private int serverMoves;
    private @Nullable Instant arrivedAt;
    private @Nullable Instant heardItselfAt;
    private String charName = "";
    private Point at = new Point("", 0, 0);
    private @Nullable Endpoint charServer;
    private @Nullable Endpoint mapServer;
    private @Nullable Goal goal;
    private Timers.@Nullable Timer legTimer;

    /** How far it is. */
    public enum Phase {
        AWAY,
        LOGGING_IN,
        SELECTING,
        ENTERING,
        PLAYING
    }

    private record Goal(int x, int y) {}

    public SimClient(Endpoint loginServer, String name, String password, InstantSource clock, Dialer dialer) {
        this.loginServer = loginServer;
        this.name = name;
        this.password = password;
        this.clock = clock;
        this.dialer = dialer;
        timers = new Timers(clock);
        timers.every(TICK, TICK, this::sendTick);
    }

    @Override
    public void tick() {
        timers.run();
    }

    @Override
    public @Nullable Instant nextDeadline() {
        return timers.next();
    }

    // What it is told.

    /** From the title screen into the game with the character in this slot. */
    public void play(int characterSlot) {
        drop();
        slot = characterSlot;
        lastBan = -1;
        phase = Phase.LOGGING_IN;
        dial(loginServer, Stage.LOGIN);
    }

    /** Chooses again with the ids it has, as after {@link #toCharacterScreen}. */
    public void selectAgain() {
        Endpoint to = charServer;
        if (to != null) {
            drop();
            phase = Phase.SELECTING;
            dial(to, Stage.CHAR);
        }
    }

    public void walkTo(int x, int y) {
        goal = new Goal(x, y);
        nextLeg();
    }

    public void say(String text) {
        sendPlaying(ClientPackets.text(ClientPackets.CZ_CHAT, charName + " : " + text));
    }

    public void whisper(String to, String text) {
        lastWhisperResult = -1;
        sendPlaying(ClientPackets.whisper(to, text));
    }

    public void sayToParty(String text) {
        sendPlaying(ClientPackets.text(ClientPackets.CZ_PARTY_CHAT, charName + " : " + text));
    }

    public void createParty(String party) {
        sendPlaying(ClientPackets.partyCreate(party));
    }

    public void invite(String player) {
        sendPlaying(ClientPackets.partyInvite(player));
    }

    /** Says yes to the last invitation. */
    public void acceptInvitation() {
        sendPlaying(ClientPackets.partyAnswer(invitedTo, true));
    }

    public void leaveParty() {
        sendPlaying(Packet.fixed(ClientPackets.CZ_PARTY_LEAVE, 2));
    }

    /** Until it is dead. */
    public void attack(int monster) {
        sendPlaying(ClientPackets.act(monster, 7));
    }

    public void pickUp(int floorItem) {
        sendPlaying(ClientPackets.pickUp(floorItem));
    }

    public void drop(int itemSlot, int amount) {
        sendPlaying(ClientPackets.drop(itemSlot, amount));
    }

    public void askToTrade(int account) {
        sendPlaying(ClientPackets.trade(account));
    }

    public void acceptTrade() {
        sendPlaying(ClientPackets.tradeAccepted());
    }

    public void offer(int itemSlot, int amount) {
        offered.put(itemSlot, amount);
        sendPlaying(ClientPackets.tradeOffer(itemSlot, amount));
    }

    public void offerZeny(int amount) {
        sendPlaying(ClientPackets.tradeOffer(-2, amount));
    }

    /** Nothing more is offered. */
    public void concludeTrade() {
        sendPlaying(Packet.fixed(ClientPackets.CZ_TRADE_CONCLUDE, 2));
    }

    /** The last word: when the other has said it too, all changes hands. */
    public void commitTrade() {
        sendPlaying(Packet.fixed(ClientPackets.CZ_TRADE_COMMIT, 2));
    }

    public void toCart(int itemSlot, int amount) {
        sendPlaying(ClientPackets.move(ClientPackets.CZ_TO_CART, itemSlot + 2, amount));
    }

    public void fromCart(int cartSlot, int amount) {
        sendPlaying(ClientPackets.move(ClientPackets.CZ_FROM_CART, cartSlot + 2, amount));
    }

    /** Into the storage, which it has open. */
    public void toStorage(int itemSlot, int amount) {
        sendPlaying(ClientPackets.move(ClientPackets.CZ_TO_STORAGE, itemSlot + 2, amount));
    }

    public void fromStorage(int storageSlot, int amount) {
        sendPlaying(ClientPackets.move(ClientPackets.CZ_FROM_STORAGE, storageSlot + 1, amount));
    }

    public void closeStorage() {
        sendPlaying(Packet.fixed(ClientPackets.CZ_CLOSE_STORAGE, 2));
    }

    /** Sells this out of its cart. */
    public void openShop(int cartSlot, int amount, int price) {
        sendPlaying(ClientPackets.openShop("Cheap!", cartSlot, amount, price));
    }

    public void lookAtShop(int account) {
        sendPlaying(Packet.fixed(ClientPackets.CZ_LOOK_AT_SHOP, 6).u32(2, account));
    }

    /** From the shop it looked at. */
    public void buy(int cartSlot, int amount) {
        sendPlaying(ClientPackets.buy(shopOf, shop, cartSlot, amount));
    }

    /** Mail with an item and zeny. */
    public void mail(String to, int itemSlot, int amount, int zenyToo) {
        sendPlaying(ClientPackets.mailTo(to));
        sendPlaying(ClientPackets.attach(itemSlot, amount));
        sendPlaying(ClientPackets.sendMail(to, charName, zenyToo, "Hello"));
    }

    public void use(int itemSlot) {
        sendPlaying(ClientPackets.useItem(itemSlot, accountId));
    }

    /** Asks to leave for the character screen; the server's yes ends the connection. */
    public void toCharacterScreen() {
        sendPlaying(ClientPackets.restart());
    }

    /** Leaves the game. */
    public void quit() {
        send(ClientPackets.quit());
        drop();
    }

    /** The connection is gone without a word. */
    public void drop() {
        Connection open = connection;
        connection = null;
        goal = null;
        phase = Phase.AWAY;
        if (open != null) {
            open.close();
        }
    }

    // What tests ask.

    public Phase phase() {
        return phase;
    }

    public boolean playing() {
        return phase == Phase.PLAYING;
    }

    public int accountId() {
        return accountId;
    }

    public int charId() {
        return charId;
    }

    public int loginId1() {
        return loginId1;
    }

    /** Where it stands as far as it can tell. */
    public Point at() {
        return at;
    }

    /** The map-server it was last sent to. */
    public @Nullable Endpoint mapServer() {
        return mapServer;
    }

    public int zeny() {
        return zeny;
    }

    public long baseExp() {
        return baseExp;
    }

    /** Reason of the last refusal; -1 for none. */
    public int lastBan() {
        return lastBan;
    }

    /** 0 arrived, 1 not online; -1 while there is no answer. */
    public int lastWhisperResult() {
        return lastWhisperResult;
    }

    /** 0 sent, 1 failed; -1 while there is no answer. */
    public int lastMailResult() {
        return lastMailResult;
    }

    public List<String> chat() {
        return List.copyOf(chat);
    }

    /** Each with its sender in front. */
    public List<String> whispers() {
        return List.copyOf(whispers);
    }

    public List<String> partyChat() {
        return List.copyOf(partyChat);
    }

    /** Monsters it sees. */
    public Map<Integer, Point> monsters() {
        return Map.copyOf(monsters);
    }

    /** Ids of what lies on the floor, oldest first. */
    public List<Integer> floor() {
        return List.copyOf(floor.keySet());
    }

    /** How many of this item it has, as far as it was told. */
    public int carries(int nameId) {
        return pack.values().stream()
                .filter(item -> item[0] == nameId)
                .mapToInt(item -> item[1])
                .sum();
    }

    /** Slot an item of this kind lies in; -1 for none. */
    public int slotOf(int nameId) {
        for (Map.Entry<Integer, int[]> entry : pack.entrySet()) {
            if (entry.getValue()[0] == nameId) {
                return entry.getKey();
            }
        }
        return -1;
    }

    /** Status icons shown. */
    public List<Integer> icons() {
        return List.copyOf(icons);
    }

    public int invitedTo() {
        return invitedTo;
    }

    /** How often it entered a map-server. */
    public int entries() {
        return entries;
    }

    /** How often it was sent to another map-server. */
    public int serverMoves() {
        return serverMoves;
    }

    /** When a server last told it which map it is on; null before it was ever in the game. */
    public @Nullable Instant arrivedAt() {
        return arrivedAt;
    }

    /** When a server last gave it its own words back; null before. */
    public @Nullable Instant heardItselfAt() {
        return heardItselfAt;
    }

    /** What should never have reached it; empty in every sound history. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    // Walking.

    private void nextLeg() {
        timers.cancel(legTimer);
        legTimer = null;
        Goal to = goal;
        if (to == null || phase != Phase.PLAYING) {
            return;
        }
        int dx = to.x() - at.x();
        int dy = to.y() - at.y();
        if (dx == 0 && dy == 0) {
            goal = null;
            return;
        }
        int x = at.x() + Math.clamp(dx, -LEG, LEG);
        int y = at.y() + Math.clamp(dy, -LEG, LEG);
        send(ClientPackets.walk(x, y));
        int diagonal = Math.min(Math.abs(x - at.x()), Math.abs(y - at.y()));
        int straight = Math.max(Math.abs(x - at.x()), Math.abs(y - at.y())) - diagonal;
        Duration walk = Duration.ofMillis((long) diagonal * DIAGONAL_MILLIS + (long) straight * STRAIGHT_MILLIS);
        legTimer = timers.in(walk.plus(WALK_CHECK), this::nextLeg);
    }

    // Connections.

    private enum Stage {
        LOGIN,
        CHAR,
        MAP
    }

    private void dial(Endpoint to, Stage stage) {
        Connection old = connection;
        Connection next = new Connection(stage);
        connection = next;
        if (old != null) {
            old.close();
        }
        dialer.dial(to, next);
    }

    private void send(Packet packet) {
        if (connection != null) {
            connection.send(packet);
        }
    }

    /** Nothing of the game before a map-server has let it in: whoever answers there ends the connection. */
    private void sendPlaying(Packet packet) {
        if (phase == Phase.PLAYING) {
            send(packet);
        }
    }

    private void sendTick() {
        if (phase == Phase.PLAYING) {
            send(ClientPackets.tick(ClientPackets.CZ_TICK, now()));
        } else if (phase == Phase.SELECTING) {
            send(Packet.fixed(ClientPackets.CH_PING, 6).u32(2, accountId));
        }
    }

    private int now() {
        return (int) clock.instant().toEpochMilli();
    }

    private void fault(String text) {
        note(faults, text);
    }

    private static void note(Deque<String> notes, String text) {
        if (notes.size() >= MOST_NOTES) {
            notes.removeFirst();
        }
        notes.addLast(text);
    }

    private final class Connection implements Link {
        private final Stage stage;
        private @Nullable Wire wire;
        private boolean greeted;

        Connection(Stage stage) {
            this.stage = stage;
        }

        @Override
        public void opened(Wire wire) {
            this.wire = wire;
            if (connection != this) {
                close();
                return;
            }
            switch (stage) {
                case LOGIN -> send(ClientPackets.login(name, password));
                case CHAR -> send(ClientPackets.charEnter(accountId, loginId1, loginId2, sex));
                case MAP -> send(ClientPackets.enter(accountId, charId, loginId1, now(), sex));
            }
        }

        @Override
        public void packet(Packet packet) {
            if (connection != this) {
                return;
            }
            switch (stage) {
                case LOGIN -> fromLogin(packet);
                case CHAR -> {
                    if (greeted) {
                        fromChar(packet);
                    } else {
                        greeted = true;
                        greeting(packet);
                    }
                }
                case MAP -> fromMap(packet);
            }
        }

        @Override
        public void broken(String why) {
            if (connection == this) {
                fault(stage + ": " + why);
            }
        }

        @Override
        public void closed() {
            wire = null;
            if (connection == this) {
                connection = null;
                goal = null;
                phase = Phase.AWAY;
            }
        }

        void send(Packet packet) {
            if (wire != null) {
                wire.send(packet);
            }
        }

        void close() {
            if (wire != null) {
                wire.close();
                wire = null;
            }
        }
    }

    private void banned(Packet packet) {
        lastBan = packet.u8(2);
        drop();
    }

    private void fromLogin(Packet packet) {
        switch (packet.id()) {
            case ClientPackets.AC_ACCEPT_LOGIN -> {
                loginId1 = packet.i32(4);
                accountId = packet.i32(8);
                loginId2 = packet.i32(12);
                sex = packet.u8(46);
                charServer = new Endpoint(packet.i32be(64), packet.u16(68));
                phase = Phase.SELECTING;
                dial(charServer, Stage.CHAR);
            }
            case ClientPackets.SC_NOTIFY_BAN -> banned(packet);
            case ClientPackets.AC_REFUSE_LOGIN -> {
                lastBan = 100 + packet.i32(2);
                drop();
            }
            default -> fault("login-server: " + packet);
        }
    }

    /** Four bare bytes. */
    private void greeting(Packet packet) {
        if (packet.length() != 4 || packet.i32(0) != accountId) {
            fault("char-server: greeting " + packet);
        }
    }

    private void fromChar(Packet packet) {
        switch (packet.id()) {
            case ClientPackets.HC_CHARACTERS -> {
                characters(packet);
                send(ClientPackets.select(slot));
            }
            case ClientPackets.HC_SLOTS, ClientPackets.HC_PAGES, ClientPackets.HC_BLOCKED, ClientPackets.HC_PINCODE -> {
                // Shown, not acted on.
            }
            case ClientPackets.HC_MAP_SERVER -> {
                charId = packet.i32(2);
                at = new Point(ClientPackets.plain(packet.text(6, Names.MAP_LENGTH)), 0, 0);
                mapServer = new Endpoint(packet.i32be(22), packet.u16(26));
                enter(mapServer);
            }
            case ClientPackets.HC_ACCESSIBLE_MAPS -> send(ClientPackets.selectMap(slot, 0));
            case ClientPackets.HC_REFUSE -> {
                lastBan = 200 + packet.u8(2);
                drop();
            }
            case ClientPackets.SC_NOTIFY_BAN -> banned(packet);
            default -> fault("char-server: " + packet);
        }
    }

    private void characters(Packet packet) {
        for (int entry = 27; entry + 155 <= packet.length(); entry += 155) {
            if (packet.u8(entry + 118) == slot) {
                charName = packet.text(entry + 88, Names.LENGTH);
            }
        }
    }

    private void enter(Endpoint server) {
        phase = Phase.ENTERING;
        entered = false;
        dial(server, Stage.MAP);
    }

    /** Whether this map-server already let us in: only then may it say more. */
    private boolean entered;

    private void fromMap(Packet packet) {
        int length = LENGTHS.of(packet.id());
        if (length != packet.length() && length != PacketLengths.VARIABLE) {
            fault("map-server: " + packet + " (expected: length " + length + ")");
        }
        switch (packet.id()) {
            case ClientPackets.ZC_ENTERING -> {
                if (entered || packet.i32(2) != accountId) {
                    fault("map-server: greets again, " + packet);
                }
            }
            case ClientPackets.ZC_ENTERED -> {
                if (entered) {
                    fault("map-server: lets in again, " + packet);
                }
                entered = true;
                entries++;
                at = new Point(at.map(), ClientPackets.positionX(packet, 6), ClientPackets.positionY(packet, 6));
                loading();
            }
            case ClientPackets.SC_NOTIFY_BAN -> banned(packet);
            case ClientPackets.ZC_INVENTORY_SIZE -> {
                // Comes before we are let in.
            }
            default -> {
                if (entered) {
                    inGame(packet);
                } else {
                    fault("map-server: before letting in, " + packet);
                }
            }
        }
    }

    /** A new map: what was seen on the old one is gone. */
    private void loading() {
        monsters.clear();
        floor.clear();
        goal = null;
        phase = Phase.PLAYING;
        arrivedAt = clock.instant();
        send(ClientPackets.loaded());
    }

    private void inGame(Packet packet) {
        switch (packet.id()) {
            case ClientPackets.ZC_MAP -> {
                at = ClientPackets.point(packet);
                loading();
            }
            case ClientPackets.ZC_SERVER_MOVE -> {
                at = ClientPackets.point(packet);
                mapServer = new Endpoint(packet.i32be(22), packet.u16(26));
                serverMoves++;
                enter(mapServer);
            }
            case ClientPackets.ZC_WALK ->
                at = new Point(at.map(), ClientPackets.walksToX(packet), ClientPackets.walksToY(packet));
            case ClientPackets.ZC_CHAT -> {
                note(chat, ClientPackets.text(packet));
                heardItselfAt = clock.instant();
            }
            case ClientPackets.ZC_CHAT_OF_OTHER -> note(chat, packet.text(8, packet.length() - 8));
            case ClientPackets.ZC_WHISPER ->
                note(whispers, packet.text(8, Names.LENGTH) + ": " + packet.text(33, packet.length() - 33));
            case ClientPackets.ZC_WHISPER_ACK -> lastWhisperResult = packet.u8(2);
            case ClientPackets.ZC_PARTY_CHAT -> note(partyChat, packet.text(8, packet.length() - 8));
            case ClientPackets.ZC_PARTY_INVITED -> invitedTo = packet.i32(2);
            case ClientPackets.ZC_STANDS -> stands(packet);
            case ClientPackets.ZC_VANISH -> monsters.remove(packet.i32(2));
            case ClientPackets.ZC_LONG_PARAMETER -> {
                if (packet.u16(2) == ClientPackets.ZENY) {
                    zeny = packet.i32(4);
                }
            }
            case ClientPackets.ZC_EXP_PARAMETER -> {
                if (packet.u16(2) == 1) {
                    baseExp = packet.i64(4);
                }
            }
            case ClientPackets.ZC_RESTART_ACK -> {
                drop();
                phase = Phase.SELECTING;
            }
            case ClientPackets.ZC_ICON -> {
                icons.removeIf(type -> type == packet.u16(2));
                icons.add(packet.u16(2));
            }
            case ClientPackets.ZC_ICON_OFF -> icons.removeIf(type -> type == packet.u16(2));
            default -> items(packet);
        }
    }

    private void stands(Packet packet) {
        if (packet.u8(4) == 5) {
            monsters.put(
                    packet.i32(5),
                    new Point(at.map(), ClientPackets.positionX(packet, 63), ClientPackets.positionY(packet, 63)));
        }
    }

    private void items(Packet packet) {
        switch (packet.id()) {
            case ClientPackets.ZC_ITEMS_BEGIN -> {
                pack.clear();
                offered.clear();
            }
            case ClientPackets.ZC_ITEMS_STACK -> {
                for (int entry = 5; entry + 34 <= packet.length(); entry += 34) {
                    pack.put(packet.u16(entry) - 2, new int[] {packet.i32(entry + 2), packet.u16(entry + 7)});
                }
            }
            case ClientPackets.ZC_ITEMS_EQUIP -> {
                for (int entry = 5; entry + 67 <= packet.length(); entry += 67) {
                    pack.put(packet.u16(entry) - 2, new int[] {packet.i32(entry + 2), 1});
                }
            }
            case ClientPackets.ZC_ITEM_PICKED -> {
                if (packet.u8(34) == 0) {
                    int[] item = pack.computeIfAbsent(packet.u16(2) - 2, key -> new int[] {packet.i32(6), 0});
                    item[1] += packet.u16(4);
                }
            }
            case ClientPackets.ZC_ITEM_DROPPED -> less(packet.u16(2) - 2, packet.u16(4));
            case ClientPackets.ZC_TRADE_OFFERED -> {
                Integer amount = offered.remove(packet.u16(2) - 2);
                if (amount != null && packet.u8(4) == 0) {
                    less(packet.u16(2) - 2, amount);
                }
            }
            case ClientPackets.ZC_ITEM_GIVEN -> less(packet.u16(4) - 2, packet.u16(6));
            case ClientPackets.ZC_ITEM_USED -> {
                int[] item = pack.get(packet.u16(2) - 2);
                less(packet.u16(2) - 2, item == null ? 0 : item[1] - packet.u16(12));
            }
            case ClientPackets.ZC_SHOP -> {
                shopOf = packet.i32(4);
                shop = packet.i32(8);
            }
            case ClientPackets.ZC_MAIL_WRITTEN -> lastMailResult = packet.u8(2);
            case ClientPackets.ZC_ITEM_FELL -> floor.put(packet.i32(2), new int[] {packet.u16(13), packet.u16(15)});
            case ClientPackets.ZC_ITEM_GONE -> floor.remove(packet.i32(2));
            case ClientPackets.ZC_AUCTION -> faults.add("told of an auction");
            default -> {
                // Seen, not acted on.
            }
        }
    }

    private void less(int itemSlot, int amount) {
        int[] item = pack.get(itemSlot);
        if (item != null) {
            item[1] -= amount;
            if (item[1] <= 0) {
                pack.remove(itemSlot);
            }
        }
    }

    /** Cell a thing on the floor lies on; null when it is not there. */
    public int @Nullable [] cellOf(int floorItem) {
        int[] cell = floor.get(floorItem);
        return cell == null ? null : cell.clone();
    }
}
