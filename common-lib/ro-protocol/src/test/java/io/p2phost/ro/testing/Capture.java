package io.p2phost.ro.testing;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.inter.InterLengths;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One recorded stream that can be framed, and what its index says is in it. */
public record Capture(String name) {
    private static final PacketLengths CLIENT = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);

    private static final List<String> FRAMED = List.of(
            "basic/client_map1_c2s",
            "basic/client_map1_s2c",
            "full/client_map1_c2s",
            "full/client_map1_s2c",
            "full/inter_A_c2m",
            "full/inter_A_m2c",
            "full/inter_B_c2m",
            "full/inter_B_m2c",
            "full/inter_C_c2m",
            "full/inter_C_m2c",
            "reannounce/client_map1_c2s",
            "reannounce/client_map1_s2c",
            "reannounce/client_map2_c2s",
            "reannounce/client_map2_s2c",
            "reannounce/inter_A_c2m",
            "reannounce/inter_A_m2c",
            "reannounce/inter_B_c2m",
            "reannounce/inter_B_m2c",
            "splice/client_map1_c2s",
            "splice/client_map1_s2c",
            "splice/inter_A_c2m",
            "splice/inter_A_m2c",
            "splice/inter_B_c2m",
            "splice/inter_B_m2c");

    /** Every stream that can be framed. */
    public static Stream<Capture> all() {
        return FRAMED.stream().map(Capture::new);
    }

    public static Stream<Capture> inter() {
        return all().filter(Capture::isInter);
    }

    public static Stream<Capture> client() {
        return all().filter(capture -> !capture.isInter());
    }

    public boolean isInter() {
        return name.contains("inter_");
    }

    public PacketLengths lengths() {
        if (!isInter()) {
            return CLIENT;
        }
        return name.endsWith("m2c") ? InterLengths.MAP_TO_CHAR : InterLengths.CHAR_TO_MAP;
    }

    public byte[] bytes() {
        return read(name + ".bin");
    }

    /** All its packets. */
    public List<Packet> packets() {
        byte[] bytes = bytes();
        List<Packet> packets = new ArrayList<>();
        framer().feed(bytes, 0, bytes.length, packets::add);
        return packets;
    }

    /** Its packets of that id. */
    public List<Packet> packets(int id) {
        return packets().stream().filter(packet -> packet.id() == id).toList();
    }

    public PacketFramer framer() {
        return new PacketFramer(lengths(), Packet.LONGEST);
    }

    public List<Entry> index() {
        return new String(read(name + ".bin.index.txt"), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.trim().split(" +"))
                .map(words -> new Entry(
                        Integer.parseInt(words[0]), Integer.parseInt(words[1], 16), Integer.parseInt(words[2])))
                .toList();
    }

    private static byte[] read(String file) {
        try (InputStream in = Capture.class.getResourceAsStream("/captures/" + file)) {
            if (in == null) {
                throw new IllegalStateException(file + ": missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** A line of the index. */
    public record Entry(int offset, int id, int length) {}
}
