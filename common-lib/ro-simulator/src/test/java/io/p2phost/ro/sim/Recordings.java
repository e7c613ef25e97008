package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.inter.InterLengths;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What real servers and a scripted client said, by direction and id. */
final class Recordings {
    private final Map<Direction, Map<Integer, List<Packet>>> packets = new EnumMap<>(Direction.class);

    /** Who says it to whom. */
    enum Direction {
        MAP_TO_CHAR,
        CHAR_TO_MAP,
        CLIENT_TO_MAP,
        MAP_TO_CLIENT,
        CLIENT_TO_CHAR,
        CHAR_TO_CLIENT,
        CLIENT_TO_LOGIN,
        LOGIN_TO_CLIENT
    }

    Recordings() {
        for (String folder : List.of("basic", "full", "reannounce", "splice")) {
            for (String server : List.of("A", "B", "C")) {
                add(Direction.MAP_TO_CHAR, folder + "/inter_" + server + "_m2c", cut(InterLengths.MAP_TO_CHAR));
                add(Direction.CHAR_TO_MAP, folder + "/inter_" + server + "_c2m", cut(InterLengths.CHAR_TO_MAP));
            }
            for (int i = 1; i <= 2; i++) {
                add(Direction.CLIENT_TO_MAP, folder + "/client_map" + i + "_c2s", cut(SimTcp.clientLengths()));
                add(Direction.MAP_TO_CLIENT, folder + "/client_map" + i + "_s2c", cut(SimTcp.clientLengths()));
            }
        }
        // Of the others only the first login is a stream of its own; a second follows in the same file.
        Map<Integer, Integer> toChar = new HashMap<>(ClientPackets.CLIENT_TO_CHAR);
        toChar.put(0xa39, 36);
        Map<Integer, Integer> fromChar = new HashMap<>(ClientPackets.CHAR_TO_CLIENT);
        fromChar.put(0x6d, 157);
        add(Direction.CLIENT_TO_CHAR, "reannounce/client_char_c2s", cut(new PacketLengths("to char", toChar)));
        add(Direction.CHAR_TO_CLIENT, "reannounce/client_char_s2c", cut(new PacketLengths("from char", fromChar)), 4);
        add(Direction.CLIENT_TO_CHAR, "full/client_char_c2s", cut(new PacketLengths("to char", toChar)));
        add(
                Direction.CLIENT_TO_LOGIN,
                "full/client_login_c2s",
                cut(new PacketLengths("to login", ClientPackets.CLIENT_TO_LOGIN)));
        add(
                Direction.LOGIN_TO_CLIENT,
                "full/client_login_s2c",
                cut(new PacketLengths("from login", ClientPackets.LOGIN_TO_CLIENT)));
    }

    private static SimTcp.Cutter cut(PacketLengths lengths) {
        return SimTcp.cutter(lengths);
    }

    private void add(Direction direction, String name, SimTcp.Cutter cutter) {
        add(direction, name, cutter, 0);
    }

    private void add(Direction direction, String name, SimTcp.Cutter cutter, int skip) {
        byte[] whole = read("/captures/" + name + ".bin");
        byte[] bytes = java.util.Arrays.copyOfRange(whole, Math.min(skip, whole.length), whole.length);
        cutter.feed(
                bytes,
                bytes.length,
                packet -> packets.computeIfAbsent(direction, key -> new HashMap<>())
                        .computeIfAbsent(packet.id(), key -> new ArrayList<>())
                        .add(packet));
    }

    private static byte[] read(String name) {
        try (InputStream in = Recordings.class.getResourceAsStream(name)) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty: never seen. */
    List<Packet> of(Direction direction, int id) {
        return packets.getOrDefault(direction, Map.of()).getOrDefault(id, List.of());
    }

    int count() {
        return packets.values().stream().mapToInt(Map::size).sum();
    }
}
