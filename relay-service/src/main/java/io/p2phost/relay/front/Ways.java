package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import io.p2phost.contracts.HostId;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.MapServers;
import io.p2phost.relay.player.ServerLink;
import io.p2phost.relay.tunnel.HostTunnels;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Ways to map-servers: through the host's tunnel, or over TCP to a VPS. */
final class Ways implements MapServers {
    private final HostTunnels tunnels;
    private final Dialer dialer;
    private final SourceAddresses sources;
    private final DialPlaces places = new DialPlaces();

    Ways(HostTunnels tunnels, Dialer dialer, SourceAddresses sources) {
        this.tunnels = tunnels;
        this.dialer = dialer;
        this.sources = sources;
    }

    int waiting() {
        return places.waiting();
    }

    @Override
    public Runnable dial(Loop loop, Destination to, int account, ServerLink.Events events) {
        Attempt attempt = new Attempt(loop, to, account, events);
        String server = to.owner().address();
        if (server == null) {
            // The host's agent has places of its own: it dials the map-server, near it and for all relays.
            loop.execute(attempt::go);
        } else if (!places.take(server, () -> loop.execute(attempt::go))) {
            loop.execute(() -> events.failed("too many wait for " + server));
        }
        return attempt::giveUp;
    }

    /** A place, from its taking to the map-server's first word. */
    private final class Attempt implements ServerLink.Events {
        private final Loop loop;
        private final Destination to;
        private final int account;
        private final ServerLink.Events events;
        private final AtomicBoolean placeGiven = new AtomicBoolean();
        private boolean givenUp;
        private @Nullable ServerLink link;

        Attempt(Loop loop, Destination to, int account, ServerLink.Events events) {
            this.loop = loop;
            this.to = to;
            this.account = account;
            this.events = events;
        }

        void go() {
            if (givenUp) {
                giveBack();
                return;
            }
            String address = to.owner().address();
            if (address == null) {
                throughTunnel(HostId.of(to.owner().id()));
            } else {
                direct(address);
            }
        }

        private void throughTunnel(HostId host) {
            Optional<Tunnel> tunnel = tunnels.of(host);
            if (tunnel.isEmpty()) {
                failed("host " + host + " has no tunnel here");
                return;
            }
            StreamServerLink stream = new StreamServerLink(loop, this);
            link = stream;
            stream.open(tunnel.get(), to, sources.of(account));
        }

        private void direct(String address) {
            int colon = address.lastIndexOf(':');
            SocketLink socket = new SocketLink(this, dialer.readsOn());
            link = socket;
            int port = Integer.parseInt(address.substring(colon + 1));
            String host = address.substring(0, colon);
            if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
                dial(new InetSocketAddress(host, port), socket);
            } else {
                // Looking a name up blocks, and nothing may block the loop that moves everybody's bytes.
                Thread.ofVirtual().name("look up " + host).start(() -> {
                    InetSocketAddress found = new InetSocketAddress(host, port);
                    loop.execute(() -> dial(found, socket));
                });
            }
        }

        private void dial(InetSocketAddress address, SocketLink socket) {
            if (address.isUnresolved()) {
                failed(address + " is unknown");
                return;
            }
            Connecting connecting = new Connecting(socket);
            connecting.channel = dialer.dial(((NettyLoop) loop).loop(), address, sources.of(account), connecting);
        }

        /** A connection that is being made; its outcome comes in a later turn. */
        private final class Connecting implements Dialer.Dialed {
            private final SocketLink socket;
            private @Nullable Channel channel;

            Connecting(SocketLink socket) {
                this.socket = socket;
            }

            @Override
            public void connected() {
                if (channel == null) {
                    return;
                }
                if (givenUp) {
                    channel.close();
                    giveBack();
                } else {
                    socket.connected(channel);
                }
            }

            @Override
            public void failed(Throwable cause) {
                Attempt.this.failed(String.valueOf(cause.getMessage()));
            }
        }

        void giveUp() {
            givenUp = true;
            if (link != null) {
                link.close();
                giveBack();
            }
        }

        private void giveBack() {
            String server = to.owner().address();
            if (server != null && placeGiven.compareAndSet(false, true)) {
                places.giveBack(server);
            }
        }

        // ---- events, passed on ----

        @Override
        public void connected(ServerLink made) {
            loop.after(places.firstWord(), this::giveBack);
            events.connected(made);
        }

        @Override
        public void failed(String why) {
            giveBack();
            if (!givenUp) {
                events.failed(why);
            }
        }

        @Override
        public void received(ByteBuf bytes) {
            giveBack();
            events.received(bytes);
        }

        @Override
        public void writable() {
            events.writable();
        }

        @Override
        public void ended() {
            giveBack();
            events.ended();
        }
    }
}
