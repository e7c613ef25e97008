package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.MapToChar;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stock map-servers said to their char-server in a recording, but for logins and keep-alives. */
final class PassTraffic {
    private static final List<String> RECORDINGS = List.of("inter_A_m2c.bin", "inter_B_m2c.bin", "inter_C_m2c.bin");
    private static final Set<Integer> LEFT_OUT =
            Set.of(MapToChar.MAP_SERVER_LOGIN, MapToChar.MAP_LIST, MapToChar.KEEP_ALIVE);

    private PassTraffic() {}

    /** In the order in which they were sent. */
    static List<Packet> recorded() throws IOException {
        List<Packet> packets = new ArrayList<>();
        for (String recording : RECORDINGS) {
            try (InputStream in = PassTraffic.class.getResourceAsStream("/captures/full/" + recording)) {
                if (in == null) {
                    throw new IOException("captures/full/" + recording + " is missing in this build");
                }
                byte[] bytes = in.readAllBytes();
                PacketFramer framer = InterLengths.fromMapServer();
                framer.feed(bytes, 0, bytes.length, packet -> {
                    if (!LEFT_OUT.contains(packet.id())) {
                        packets.add(packet);
                    }
                });
            }
        }
        return List.copyOf(packets);
    }
}
