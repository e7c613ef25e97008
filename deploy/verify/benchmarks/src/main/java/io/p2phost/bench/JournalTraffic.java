package io.p2phost.bench;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.mux.SessionState;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.MapToChar;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Save groups as db-proxy journals them, of players whose inventory and cart are full. */
final class JournalTraffic {
    private final MemoryTraffic traffic = MemoryTraffic.recorded();

    JournalTraffic() throws IOException {}

    MemoryPlayer player(int number) {
        return new MemoryPlayer(number, Hosting.map(0), traffic);
    }

    /** A save group after some more play; its last packet is the character's record. */
    static List<Packet> group(MemoryPlayer player) {
        List<Packet> packets = new ArrayList<>();
        byte[] saved = player.save();
        InterLengths.fromMapServer().feed(saved, 0, saved.length, packets::add);
        int records = packets.stream().map(Packet::id).toList().indexOf(MapToChar.SAVE_CHARACTER);
        return List.copyOf(packets.subList(0, records + 1));
    }

    /** As the journal keeps it: each packet's length and deflated length, and its deflated bytes. */
    static SavedGroup journaled(MemoryPlayer player, List<byte[]> deflated) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        deflated.forEach(body::writeBytes);
        return new SavedGroup(player.account(), MemoryPlayer.character(player.account()), body.toByteArray());
    }

    /** One packet of it. */
    static byte[] deflated(Packet packet) {
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(part, fast)) {
            out.write(packet.bytes(), 0, packet.length());
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written to a disk here", e);
        } finally {
            fast.end();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(all)) {
            out.writeInt(packet.length());
            out.writeInt(part.size());
            part.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written to a disk here", e);
        }
        return all.toByteArray();
    }

    /** He plays on a host. */
    static SessionRow session(MemoryPlayer player) {
        MapName map = Hosting.map(0);
        return new SessionRow(
                player.account(),
                MemoryPlayer.character(player.account()),
                1,
                SessionState.PLAYING,
                new ServerKey.Cell(Hosting.host(0), map, Epoch.of(1)),
                map,
                100,
                100,
                1,
                1,
                1,
                0,
                0,
                0x7f00_0009,
                "Player " + player.account(),
                0,
                0,
                "relay-1",
                1,
                false,
                true,
                "",
                null,
                null,
                player.first());
    }
}
