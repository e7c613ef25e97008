package io.p2phost.agent.link;

import io.p2phost.agent.serving.CharLinks;
import io.p2phost.agent.serving.Serving;
import io.p2phost.agent.serving.Tunnels;
import io.p2phost.agent.session.LinkQuality;
import io.p2phost.agent.session.Links;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agent's connections to relays and db-proxy as one part. */
public interface AgentLinks extends Tunnels, CharLinks, Links, LinkQuality, AutoCloseable {
    /** Names who is told of assignments and asked for map-servers; called once, before anything is dialled. */
    void attach(Serving serving);

    List<TunnelState> tunnels();

    /** Closes everything for good. */
    @Override
    void close();

    /** One relay as the status shows it. */
    record TunnelState(
            String relayId,
            String address,
            boolean connected,
            @Nullable Double latencyMillis) {}
}
