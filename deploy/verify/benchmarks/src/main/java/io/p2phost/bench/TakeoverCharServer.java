package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.AuthRefused;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.ItemsSaved;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.layout.CharStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lets players in, keeps their records, and notes when which save came. */
final class TakeoverCharServer extends PassCharServer {
    private static final int CORE_PORT = 5121;
    private static final int CORE_LENGTH = 26;

    private final MemoryTraffic traffic;
    private final Map<Integer, MemoryPlayer> players;
    private final Map<Integer, byte[]> records = new ConcurrentHashMap<>();
    private final Map<Save, Long> arrived = new ConcurrentHashMap<>();

    /** A save of a player, which differs from his others. */
    record Save(int account, long experience, int hp, int sp) {
        static Save of(int account, CharStatus status) {
            return new Save(account, status.baseExp(), status.hp(), status.sp());
        }
    }

    TakeoverCharServer(MemoryTraffic traffic, Map<Integer, MemoryPlayer> players) throws IOException {
        this.traffic = traffic;
        this.players = players;
    }

    /** Whether it has come. */
    boolean has(Save save) {
        return arrived.containsKey(save);
    }

    @Override
    void answer(Packet packet, ByteArrayOutputStream answers) {
        switch (packet.id()) {
            case MapToChar.MAP_SERVER_LOGIN -> {
                super.answer(packet, answers);
                answers.writeBytes(traffic.said(CharToMap.STORAGE_TABLES).bytes());
            }
            case MapToChar.MAP_LIST -> {
                super.answer(packet, answers);
                // Core is there all the time: after a takeover map-servers are let in when its maps are known.
                answers.writeBytes(Packet.variable(CharToMap.REMOTE_MAPS, CORE_LENGTH)
                        .i32be(4, 0x7f000001)
                        .u16be(8, CORE_PORT)
                        .text(10, 16, "prontera")
                        .bytes());
            }
            case MapToChar.AUTH_REQUEST ->
                answers.writeBytes(record(new AuthRequest(packet)).bytes());
            case MapToChar.SAVE_ITEMS ->
                answers.writeBytes(
                        ItemsSaved.of(new SaveItems(packet), true, 0).packet().bytes());
            case MapToChar.SAVE_CHARACTER -> {
                SaveCharacter save = new SaveCharacter(packet);
                CharStatus status = save.status(EngineAlone.LAYOUT);
                records.put(save.accountId(), status.bytes());
                arrived.put(Save.of(save.accountId(), status), System.nanoTime());
            }
            default -> {
                super.answer(packet, answers);
                traffic.answers(packet).forEach(answer -> answers.writeBytes(answer.bytes()));
            }
        }
    }

    private Packet record(AuthRequest ask) {
        MemoryPlayer player = players.get(ask.accountId());
        return player == null
                ? AuthRefused.of(ask).packet()
                : AuthOk.of(player.account(), records.getOrDefault(player.account(), player.first()))
                        .loginIds(ask.loginId1(), 1)
                        .packet();
    }
}
