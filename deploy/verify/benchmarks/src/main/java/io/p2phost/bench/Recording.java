package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Recorded streams between stock servers. */
final class Recording {
    private Recording() {}

    /** All packets of one, in the order in which they were sent. */
    static List<Packet> packets(String name, PacketFramer framer) throws IOException {
        try (InputStream in = Recording.class.getResourceAsStream("/captures/full/" + name)) {
            if (in == null) {
                throw new IOException("captures/full/" + name + " is missing in this build");
            }
            byte[] bytes = in.readAllBytes();
            List<Packet> packets = new ArrayList<>();
            framer.feed(bytes, 0, bytes.length, packets::add);
            return packets;
        }
    }
}
