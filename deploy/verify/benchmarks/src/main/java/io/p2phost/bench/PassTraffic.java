package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.MapToChar;
import java.io.IOException;
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
            packets.addAll(Recording.packets(recording, InterLengths.fromMapServer()));
        }
        packets.removeIf(packet -> LEFT_OUT.contains(packet.id()));
        return List.copyOf(packets);
    }
}
