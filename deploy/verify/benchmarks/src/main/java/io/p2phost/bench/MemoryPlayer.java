package io.p2phost.bench;

import io.p2phost.contracts.MapName;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.Item;
import io.p2phost.ro.layout.MapPoint;
import io.p2phost.ro.layout.Storage;
import io.p2phost.ro.layout.StructArray;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * A player of the load, whose inventory and cart are full to the last place, as his map-server saves him. His own thread
 * changes him; what he was at first stays.
 */
final class MemoryPlayer {
    private static final int FIRST_ACCOUNT = 2_000_000;
    private static final int FIRST_CHARACTER = 150_000;
    private static final int INVENTORY = 200;
    private static final int CART = 100;
    private static final int SKILLS = 60;

    private final int account;
    private final byte[] first;
    private final List<Packet> loads;
    private final List<Packet> save;
    private final Random random;

    MemoryPlayer(int number, MapName map, MemoryTraffic traffic) {
        account = FIRST_ACCOUNT + number;
        random = new Random(number);
        CharStatus status = AuthOk.of(account, traffic.record()).status(EngineAlone.LAYOUT);
        MapPoint place = status.lastPoint();
        status.set("account_id", account)
                .set("char_id", character(account))
                .name("Player " + number)
                .lastPoint(new MapPoint(map.value(), place.x(), place.y()));
        learn(status);
        first = status.bytes();
        loads = traffic.loads(account);
        save = traffic.save(account);
        for (Packet packet : save) {
            switch (packet.id()) {
                case MapToChar.SAVE_CHARACTER ->
                    new SaveCharacter(packet).status(EngineAlone.LAYOUT).bytes(first);
                case MapToChar.SAVE_ITEMS -> fill(new SaveItems(packet));
                default -> {
                    // As it was recorded.
                }
            }
        }
    }

    static int account(int character) {
        return character - FIRST_CHARACTER + FIRST_ACCOUNT;
    }

    static int character(int account) {
        return account - FIRST_ACCOUNT + FIRST_CHARACTER;
    }

    int account() {
        return account;
    }

    /** His record before he played. */
    byte[] first() {
        return first;
    }

    /** What is asked for him when he comes; the last is his status changes. */
    List<Packet> loads() {
        return loads;
    }

    private void learn(CharStatus status) {
        StructArray skills = status.layout().array("skill");
        for (int i = 0; i < SKILLS; i++) {
            int at = skills.base(status.at(), random.nextInt(skills.count()));
            skills.of().field("id").set(status.packet(), at, 1 + random.nextInt(1_000));
            skills.of().field("lv").set(status.packet(), at, 1 + random.nextInt(10));
        }
    }

    private void fill(SaveItems items) {
        Storage storage = items.storage(EngineAlone.LAYOUT);
        int count = items.kind() == ItemKind.INVENTORY ? INVENTORY : CART;
        for (int place = 0; place < count; place++) {
            put(storage.item(place));
        }
        storage.amount(count);
    }

    /** Half of them equipment, as players have it. */
    private void put(Item item) {
        boolean equipment = random.nextBoolean();
        item.set("id", random.nextInt(1 << 24))
                .set("nameid", equipment ? 1_101 + random.nextInt(20_000) : 501 + random.nextInt(7_000))
                .set("amount", equipment ? 1 : 1 + random.nextInt(30_000))
                .set("identify", 1);
        if (equipment) {
            item.set("refine", random.nextInt(11))
                    .set("unique_id", ((long) account << Integer.SIZE) | random.nextInt(1 << 20));
            for (int card = random.nextInt(Item.CARDS + 1); card > 0; card--) {
                item.set("card" + (card - 1), 4_001 + random.nextInt(500));
            }
            StructArray options = item.layout().array("option");
            for (int option = random.nextInt(options.count() + 1); option > 0; option--) {
                int at = options.base(item.at(), option - 1);
                options.of().field("id").set(item.packet(), at, 1 + random.nextInt(200));
                options.of().field("value").set(item.packet(), at, random.nextInt(100));
            }
        }
    }

    /** Everything that is sent to save him after some more play. */
    byte[] save() {
        Storage inventory = null;
        int length = 0;
        for (Packet packet : save) {
            length += packet.length();
            if (packet.id() == MapToChar.SAVE_CHARACTER) {
                CharStatus status = new SaveCharacter(packet).status(EngineAlone.LAYOUT);
                status.set("hp", 1 + random.nextInt(5_000)).set("sp", 1 + random.nextInt(500));
                MapPoint place = status.lastPoint();
                status.lastPoint(new MapPoint(place.map(), 50 + random.nextInt(200), 50 + random.nextInt(200)))
                        .set("base_exp", status.baseExp() + random.nextInt(100))
                        .set("job_exp", status.jobExp() + random.nextInt(100));
            } else if (packet.id() == MapToChar.SAVE_ITEMS && new SaveItems(packet).kind() == ItemKind.INVENTORY) {
                inventory = new SaveItems(packet).storage(EngineAlone.LAYOUT);
            }
        }
        for (int i = 0; i < 3; i++) {
            put(Objects.requireNonNull(inventory).item(random.nextInt(INVENTORY)));
        }
        byte[] all = new byte[length];
        int at = 0;
        for (Packet packet : save) {
            System.arraycopy(packet.bytes(), 0, all, at, packet.length());
            at += packet.length();
        }
        return all;
    }
}
