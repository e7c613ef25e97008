package io.p2phost.agent.link.net;

import io.p2phost.agent.AgentVersion;
import io.p2phost.agent.gateway.Messages.DbProxy;
import io.p2phost.agent.gateway.Messages.Relay;
import io.p2phost.agent.link.AgentLinks;
import io.p2phost.agent.link.HostPort;
import io.p2phost.agent.serving.ClaimRole;
import io.p2phost.agent.serving.LinkCredentials;
import io.p2phost.agent.serving.Serving;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsMaterial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tunnel to every relay of the session and a char link per map, over mutual TLS with the host's certificate. Events of
 * the tunnels are handed to {@link Serving} by one thread, in order, through a bounded queue: an event loop never waits.
 */
public final class NetLinks implements AgentLinks {
    /** Far more than a healthy server says at once; what is thrown away beyond it, the next heartbeat repairs. */
    static final int MAX_EVENTS = 1024;

    /** More than one per region is rare; protects against a server gone mad. */
    static final int MAX_RELAYS = 64;

    private static final Logger log = LoggerFactory.getLogger(NetLinks.class);
    private static final Epoch ANY = Epoch.of(Long.MAX_VALUE);

    private final HostId host;
    private final OptionalInt maxPlayers;
    private final @Nullable HostPort charLinkOverride;
    private final LinkTransport transport = LinkTransport.start("p2p-link", 1);
    private final DialPlaces places = new DialPlaces();
    private final CharLinkDialer charLinks;
    private final AtomicLong lostEvents = new AtomicLong();
    private final AtomicLong sourcesRefused = new AtomicLong();
    private final ThreadPoolExecutor events = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_EVENTS),
            Thread.ofPlatform().name("link-events").daemon().factory(),
            (task, executor) -> lostEvents.incrementAndGet());
    private final Map<String, RelayTunnel> tunnels = new LinkedHashMap<>();
    private volatile @Nullable Serving serving;
    private volatile @Nullable RotatingTls tls;
    private volatile @Nullable HostPort dbProxy;
    private volatile List<RelayTunnel> tunnelList = List.of();
    private boolean active;

    /**
     * @param maxPlayers streams at a time over all maps; further ones are refused
     * @param charLinkOverride where char links go instead of the session's address
     * @param charPorts fixed local ports for maps whose map-server expects its char-server at one
     */
    public NetLinks(
            HostId host, OptionalInt maxPlayers, @Nullable HostPort charLinkOverride, Map<MapName, Integer> charPorts) {
        this.host = host;
        this.maxPlayers = maxPlayers;
        this.charLinkOverride = charLinkOverride;
        this.charLinks = new CharLinkDialer(transport, charPorts);
    }

    @Override
    public void attach(Serving attached) {
        serving = attached;
    }

    @Override
    public synchronized void credentials(LinkCredentials credentials) {
        TlsMaterial material = new TlsMaterial(credentials.key(), credentials.chain(), credentials.authorities());
        RotatingTls present = tls;
        if (present == null) {
            tls = RotatingTls.connecting(material);
        } else {
            present.replace(material);
        }
        startTunnels();
    }

    @Override
    public synchronized void configure(List<Relay> relays, @Nullable DbProxy session) {
        HostPort address = charLinkOverride != null
                ? charLinkOverride
                : session == null ? null : new HostPort(session.host(), session.port());
        dbProxy = address;
        Map<String, Relay> wanted = new LinkedHashMap<>();
        relays.stream().limit(MAX_RELAYS).forEach(relay -> wanted.put(relay.relayId(), relay));
        List.copyOf(tunnels.values()).stream()
                .filter(tunnel ->
                        !tunnel.relay().equals(wanted.get(tunnel.relay().relayId())))
                .forEach(tunnel -> {
                    tunnels.remove(tunnel.relay().relayId());
                    tunnel.stop();
                });
        wanted.values().forEach(relay -> tunnels.computeIfAbsent(relay.relayId(), id -> newTunnel(relay)));
        tunnelList = List.copyOf(tunnels.values());
        startTunnels();
    }

    private RelayTunnel newTunnel(Relay relay) {
        return new RelayTunnel(relay, "p2p-host " + AgentVersion.current(), this);
    }

    private void startTunnels() {
        RotatingTls present = tls;
        if (active && present != null) {
            tunnels.values().forEach(tunnel -> tunnel.start(present, transport));
        }
    }

    @Override
    public synchronized void resume() {
        active = true;
        startTunnels();
    }

    @Override
    public synchronized void suspend() {
        active = false;
        tunnels.values().forEach(RelayTunnel::stop);
    }

    @Override
    public void ready(MapName map, Epoch epoch, boolean ready, String detail) {
        tunnelList.forEach(tunnel -> tunnel.ready(map, epoch, ready, detail));
    }

    @Override
    public void dropStreams(MapName map) {
        tunnelList.forEach(tunnel -> tunnel.drop(map, ANY, ResetCode.NOT_SERVED));
    }

    @Override
    public int streams(MapName map) {
        return tunnelList.stream().mapToInt(tunnel -> tunnel.streams(map)).sum();
    }

    /** Places for dialling the map-servers here. */
    DialPlaces places() {
        return places;
    }

    @Override
    public CharLink open(MapName map, Epoch epoch, ClaimRole role)
            throws FencedException, IOException, InterruptedException {
        HostPort address = dbProxy;
        RotatingTls present = tls;
        if (address == null || present == null) {
            throw new IOException(address == null ? "the server named no db-proxy" : "no certificate yet");
        }
        CellRole claimed = role == ClaimRole.PRIMARY ? CellRole.PRIMARY : CellRole.STANDBY;
        return charLinks.open(address, present, new CharLinkHello(host, map, epoch, claimed));
    }

    @Override
    public String charServerAddress(MapName map) throws IOException {
        return charLinks.address(map);
    }

    @Override
    public double latencyMillis() {
        return tunnelList.stream()
                .map(RelayTunnel::latencyMillis)
                .filter(latency -> latency != null)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(0);
    }

    @Override
    public List<TunnelState> tunnels() {
        List<TunnelState> states = new ArrayList<>();
        for (RelayTunnel tunnel : tunnelList) {
            states.add(new TunnelState(
                    tunnel.relay().relayId(),
                    tunnel.relay().host() + ":" + tunnel.relay().tunnelPort(),
                    tunnel.isConnected(),
                    tunnel.latencyMillis()));
        }
        return states;
    }

    /** Events thrown away because the queue was full. */
    long lostEvents() {
        return lostEvents.get();
    }

    /** Players whose cell does not see them at an address of their own. */
    long sourcesRefused() {
        return sourcesRefused.get();
    }

    void sourceRefused() {
        if (sourcesRefused.getAndIncrement() == 0) {
            log.warn("this system lends no address of 127.64.0.0/10: all players look alike to the map-server");
        }
    }

    /** Hands an event to {@link Serving}, off the event loop. */
    void later(Consumer<Serving> event) {
        Serving attached = serving;
        if (attached != null) {
            events.execute(() -> {
                try {
                    event.accept(attached);
                } catch (RuntimeException e) {
                    log.error("event failed", e);
                }
            });
        }
    }

    /** Answers on the event loop, without waiting. */
    @Nullable
    Serving servingOrNull() {
        return serving;
    }

    boolean hasRoom() {
        return maxPlayers.isEmpty()
                || tunnelList.stream().mapToInt(RelayTunnel::streams).sum() < maxPlayers.getAsInt();
    }

    @Override
    public void close() {
        suspend();
        events.shutdownNow();
        charLinks.close();
        transport.close();
    }
}
