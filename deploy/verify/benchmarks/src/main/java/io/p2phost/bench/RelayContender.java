package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What players' packets go through.
 *
 * @param label its name in lines of a run
 * @param named its name in words
 * @param missing why it cannot be measured here; empty where it can
 */
record RelayContender(String label, String named, Supplier<Optional<String>> missing, Start start) {
    /** Starts it. */
    interface Start {
        Forwarder start(Path dist, int mapServer, int players) throws IOException, InterruptedException;
    }

    /** No forwarder: what the rest costs. */
    static final RelayContender DIRECT = new RelayContender(
            "direct", "nothing", Optional::empty, (dist, mapServer, players) -> Forwarder.none(mapServer));

    /** All players of this load come from one machine. */
    static final RelayContender OURS = new RelayContender(
            "ours",
            "a relay's front",
            Optional::empty,
            (dist, mapServer, players) -> Forwarder.ours(
                    dist,
                    ServiceName.RELAY,
                    RelayServer.class,
                    Integer.toString(mapServer),
                    Integer.toString(2 * players),
                    "100000",
                    "100000"));

    static final RelayContender HAPROXY = new RelayContender(
            "haproxy",
            "HAProxy, plain TCP, one thread",
            () -> Haproxy.isThere() ? Optional.empty() : Optional.of("not installed (Debian: haproxy)"),
            (dist, mapServer, players) -> Haproxy.plain(mapServer, players + 100));

    static final RelayContender NGINX = new RelayContender(
            "nginx",
            "nginx stream, one process",
            () -> Nginx.isThere()
                    ? Optional.empty()
                    : Optional.of("not installed (Debian: nginx and libnginx-mod-stream)"),
            (dist, mapServer, players) -> Nginx.plain(mapServer, players + 100));

    /** Forwards as a relay could, in a JVM like a relay's, and looks at nothing. */
    static RelayContender plain(PlainForwarder.Form form) {
        return new RelayContender(
                form.name().toLowerCase(Locale.ROOT),
                form.words(),
                form::missing,
                (dist, mapServer, players) -> Forwarder.ours(
                        dist, ServiceName.RELAY, PlainForwarder.class, form.name(), Integer.toString(mapServer)));
    }
}
