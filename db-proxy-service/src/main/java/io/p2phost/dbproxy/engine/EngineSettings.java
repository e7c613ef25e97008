package io.p2phost.dbproxy.engine;

import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.links.net.AddressLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What the engine is told.
 *
 * @param charServer its address for each of the two logins, looked up anew for each connection
 * @param connectTimeout how long it may take to accept
 * @param vpsBind where the VPS's map-servers connect
 * @param vpsNetworks from where they may
 * @param reserve the user and password that tell the reserve from core, which uses the char-server's own
 * @param hostStalled how long a host's map-server may take nothing of what waits for it
 */
public record EngineSettings(
        MuxSettings mux,
        Function<Outside.Slot, InetSocketAddress> charServer,
        Duration connectTimeout,
        InetSocketAddress vpsBind,
        List<Network> vpsNetworks,
        AddressLimits.Rules vpsLimits,
        Credentials reserve,
        Duration hostStalled) {
    /** As in a map-server's {@code userid} and {@code passwd}. */
    public record Credentials(String user, String password) {}

    public EngineSettings {
        vpsNetworks = List.copyOf(vpsNetworks);
    }
}
