package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.MapToClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A recorded hunt on a stock map-server, again and again, as if each player hunted: monsters come, are killed, drop
 * things, which are picked up, and give experience. Who it was is each player himself.
 */
final class RelayHunt implements RelayTraffic.Mix {
    private static final int SHORTEST_MESSAGE = 64;
    private static final int ACCOUNT_BYTES = 4;
    /** Whose experience it is. */
    private static final int ACCOUNT_AT = 2;

    /** Walks, hits, picks up. */
    private static final List<byte[]> SAID = List.of(
            Packet.fixed(ClientToMap.WALK_REQUEST, 5).bytes(),
            Packet.fixed(ClientToMap.ACT, 7).bytes(),
            Packet.fixed(ClientToMap.PICK_UP, 6).bytes());

    private final byte[] hunter;
    private final List<byte[]> messages;
    private final Map<Integer, List<byte[]>> byAccount = new HashMap<>();

    RelayHunt() throws IOException {
        List<Packet> all = Recording.packets(
                "client_map1_s2c.bin",
                new PacketFramer(ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN), Packet.LONGEST));
        List<Packet> hunt = new ArrayList<>();
        for (Packet packet : all) {
            if (!hunt.isEmpty() && packet.id() == MapToClient.MAP_CHANGE) {
                break;
            }
            if (!hunt.isEmpty() || packet.id() == MapToClient.UNIT_SPAWNED) {
                hunt.add(packet);
            }
        }
        hunter = hunt.stream()
                .filter(packet -> packet.id() == MapToClient.EXP_GAIN)
                .map(packet -> Arrays.copyOfRange(packet.bytes(), ACCOUNT_AT, ACCOUNT_AT + ACCOUNT_BYTES))
                .findFirst()
                .orElseThrow(() -> new IOException("nobody gains experience in the recording"));
        messages = messages(hunt);
    }

    /** A few packets each. */
    private static List<byte[]> messages(List<Packet> packets) {
        List<byte[]> messages = new ArrayList<>();
        ByteArrayOutputStream next = new ByteArrayOutputStream();
        for (Packet packet : packets) {
            next.writeBytes(packet.bytes());
            if (next.size() >= SHORTEST_MESSAGE) {
                messages.add(next.toByteArray());
                next.reset();
            }
        }
        return messages;
    }

    @Override
    public byte[] toPlayer(int account, long number) {
        List<byte[]> own = byAccount.computeIfAbsent(account, this::of);
        // Each player hears one after the other, and not all the same at once.
        return own.get((int) ((number + account) % own.size()));
    }

    private List<byte[]> of(int account) {
        return messages.stream().map(message -> asHeardBy(message, account)).toList();
    }

    private byte[] asHeardBy(byte[] message, int account) {
        byte[] own = message.clone();
        for (int at = 0; at + ACCOUNT_BYTES <= own.length; at++) {
            if (Arrays.equals(own, at, at + ACCOUNT_BYTES, hunter, 0, ACCOUNT_BYTES)) {
                for (int i = 0; i < ACCOUNT_BYTES; i++) {
                    own[at + i] = (byte) (account >>> (Byte.SIZE * i));
                }
            }
        }
        return own;
    }

    @Override
    public byte[] toServer(long number) {
        return SAID.get((int) (number % SAID.size()));
    }
}
