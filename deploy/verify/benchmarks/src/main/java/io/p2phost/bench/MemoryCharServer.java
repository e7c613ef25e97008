package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.AuthRefused;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.ItemsSaved;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveItems;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Knows players, answers what is loaded for them, and counts what is saved of them. */
final class MemoryCharServer extends PassCharServer {
    private final MemoryTraffic traffic;
    private final Map<Integer, MemoryPlayer> players;
    private final LongAdder saves = new LongAdder();

    /**
     * Listens.
     *
     * @param players by account
     */
    MemoryCharServer(MemoryTraffic traffic, Map<Integer, MemoryPlayer> players) throws IOException {
        this.traffic = traffic;
        this.players = players;
    }

    /** Characters' records received. */
    long saves() {
        return saves.sum();
    }

    @Override
    void answer(Packet packet, ByteArrayOutputStream answers) {
        switch (packet.id()) {
            case MapToChar.MAP_SERVER_LOGIN -> {
                super.answer(packet, answers);
                answers.writeBytes(traffic.said(CharToMap.STORAGE_TABLES).bytes());
            }
            case MapToChar.AUTH_REQUEST ->
                answers.writeBytes(let(new AuthRequest(packet)).bytes());
            case MapToChar.SAVE_ITEMS ->
                answers.writeBytes(
                        ItemsSaved.of(new SaveItems(packet), true, 0).packet().bytes());
            case MapToChar.SAVE_CHARACTER -> saves.increment();
            default -> {
                super.answer(packet, answers);
                traffic.answers(packet).forEach(answer -> answers.writeBytes(answer.bytes()));
            }
        }
    }

    private Packet let(AuthRequest ask) {
        MemoryPlayer player = players.get(ask.accountId());
        return player == null
                ? AuthRefused.of(ask).packet()
                : AuthOk.of(player.account(), player.first())
                        .loginIds(ask.loginId1(), 1)
                        .packet();
    }
}
