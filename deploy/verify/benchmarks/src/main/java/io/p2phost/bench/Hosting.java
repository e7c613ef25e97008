package io.p2phost.bench;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.CellRole;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Hosts with one map each, by number, as both processes of the measurement know them. */
final class Hosting {
    private static final Epoch EPOCH = Epoch.of(1);

    private Hosting() {}

    static HostId host(int number) {
        return HostId.of(new UUID(0, number).toString());
    }

    static MapName map(int number) {
        return MapName.of("bench_" + number);
    }

    static CharLinkHello hello(int number) {
        return new CharLinkHello(host(number), map(number), EPOCH, CellRole.PRIMARY);
    }

    static List<MapOwner> owners(int hosts) {
        return IntStream.range(0, hosts)
                .mapToObj(number -> new MapOwner(map(number), EPOCH, Owner.host(host(number))))
                .toList();
    }
}
