package io.p2phost.relay.takeover;

import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.net.Door;
import io.p2phost.relay.charfront.CharFront;
import io.p2phost.relay.front.Carried;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.tunnel.HostTunnels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The relay's doors, players and tunnels. */
public final class RelayEstate implements Estate {
    /** Nothing on a loop takes longer. */
    private static final Duration TURN = Duration.ofSeconds(5);

    /** Who is in the middle of something is waited for so long. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(10);

    private final Front front;
    private final HostTunnels tunnels;
    private final @Nullable CharFront charFront;
    private final Sockets sockets;
    private final Http http;

    /** The relay's own HTTP ports. */
    public interface Http {
        void close();

        void open();
    }

    public RelayEstate(Front front, HostTunnels tunnels, @Nullable CharFront charFront, Sockets sockets, Http http) {
        this.front = front;
        this.tunnels = tunnels;
        this.charFront = charFront;
        this.sockets = sockets;
        this.http = http;
    }

    @Override
    public void silence() {
        http.close();
    }

    @Override
    public Holdings pause() {
        await(front.closeDoors());
        if (charFront != null) {
            // Its clients go on here until they are through.
            await(charFront.closeDoor());
        }
        settle();
        // Tunnels first: what has come out of a stream is in its player's session before that is looked at.
        await(tunnels.pause());
        List<Carried> players = await(front.pause());
        IdentityHashMap<LinkStream, Integer> names = new IdentityHashMap<>();
        for (int i = 0; i < players.size(); i++) {
            if (players.get(i).way() instanceof Carried.Stream way && way.stream() != null) {
                names.put(way.stream(), i);
            }
        }
        return new Holdings(
                front.listening().stream().map(RelayEstate::descriptor).toList(),
                descriptor(tunnels.listening()),
                charDoor(),
                players,
                await(tunnels.images(stream -> names.getOrDefault(stream, -1))));
    }

    private @Nullable Integer charDoor() {
        Channel door = charFront == null ? null : charFront.listening();
        return door == null ? null : descriptor(door);
    }

    private void settle() {
        long end = System.nanoTime() + SETTLE.toNanos();
        while (await(front.busy()) > 0 && System.nanoTime() < end) {
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static int descriptor(Channel channel) {
        return ((UnixChannel) channel).fd().intValue();
    }

    @Override
    public void goOn() {
        tunnels.goOn();
        front.goOn();
        if (charFront != null) {
            charFront.openDoor();
        }
        http.open();
    }

    @Override
    public void leave() {
        await(front.leave());
    }

    @Override
    public void takeOn(Holdings holdings) {
        List<ServerSocketChannel> doors =
                holdings.fronts().stream().map(sockets::listening).toList();
        front.treatAs(doors.getFirst().localAddress().getPort());
        List<Front.Taken> players = new ArrayList<>();
        for (Carried player : holdings.players()) {
            SocketChannel own = sockets.connected(player.socket().descriptor());
            @Nullable
            SocketChannel server =
                    player.way() instanceof Carried.Socket socket ? sockets.connected(socket.descriptor()) : null;
            players.add(front.takeOn(player, own, server));
        }
        List<CompletableFuture<Void>> taken = holdings.tunnels().stream()
                .map(tunnel ->
                        tunnels.takeOn(tunnel, name -> name < players.size() ? players.get(name).stream() : null))
                .toList();
        taken.forEach(RelayEstate::await);
        players.forEach(Front.Taken::begin);
        tunnels.start(new Door.Given(sockets.listening(holdings.tunnelDoor())));
        front.start(doors.stream().map(Door.Given::new).map(Door.class::cast).toList());
        takeOnCharDoor(holdings.charDoor());
    }

    /** The settings may have changed: what only one of the two processes has is opened, or closed. */
    private void takeOnCharDoor(@Nullable Integer descriptor) {
        if (charFront == null) {
            if (descriptor != null) {
                sockets.close(descriptor);
            }
        } else if (descriptor == null) {
            charFront.startWhenFree();
        } else {
            charFront.start(new Door.Given(sockets.listening(descriptor)));
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(TURN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a loop did not answer within " + TURN, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
