package io.p2phost.relay.takeover.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.relay.takeover.Line;
import io.p2phost.relay.takeover.Message;
import io.p2phost.relay.takeover.Messages;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two unix sockets: one for messages, and one for descriptors, which come without any other bytes. The process that asks
 * listens for the second one and says where. After its deadline it is closed, whatever is under way.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a connection ends it
final class UnixLine implements Line, AutoCloseable {
    static final int NO_MORE = -1;

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final EventLoopGroup loops;
    private volatile long end;
    private volatile Future<?> watchdog;
    private final BlockingQueue<Integer> descriptors = new LinkedBlockingQueue<>();
    private @Nullable Channel door;
    private @Nullable Channel passing;
    private @Nullable ChannelFuture lastPassed;
    private @Nullable Path own;

    private UnixLine(SocketChannel channel, EventLoopGroup loops, Duration deadline) {
        this.channel = channel;
        this.loops = loops;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
        this.end = System.nanoTime() + deadline.toNanos();
        this.watchdog = loops.next().schedule(this::cut, deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void within(Duration left) {
        watchdog.cancel(false);
        end = System.nanoTime() + left.toNanos();
        watchdog = loops.next().schedule(this::cut, left.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cut() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is over in any case.
        }
    }

    /** Asks the process that listens there. */
    static UnixLine ask(Path socket, EventLoopGroup loops, Duration deadline) throws IOException {
        UnixLine line = new UnixLine(SocketChannel.open(UnixDomainSocketAddress.of(socket)), loops, deadline);
        try {
            line.listenFor(Path.of(socket + "." + ProcessHandle.current().pid()));
            return line;
        } catch (IOException | RuntimeException e) {
            line.close();
            throw e;
        }
    }

    private void listenFor(Path path) throws IOException {
        own = path;
        Files.deleteIfExists(path);
        door = opened(new ServerBootstrap()
                .group(loops)
                .channel(EpollServerDomainSocketChannel.class)
                .childOption(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel accepted) throws IOException {
                        if (isOwn(accepted, path)) {
                            accepted.pipeline().addLast(new Collector(descriptors));
                        } else {
                            accepted.close();
                        }
                    }
                })
                .bind(new DomainSocketAddress(path.toFile())));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        out.writeUTF(path.toString());
    }

    private static boolean isOwn(EpollDomainSocketChannel peer, Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid")
                .equals(peer.peerCredentials().uid());
    }

    /** Takes descriptors in the order in which they come, and {@link #NO_MORE} behind the last. */
    static final class Collector extends ChannelInboundHandlerAdapter {
        private final Queue<Integer> descriptors;

        Collector(Queue<Integer> descriptors) {
            this.descriptors = descriptors;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof FileDescriptor descriptor) {
                descriptors.add(descriptor.intValue());
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            descriptors.add(NO_MORE);
        }
    }

    /** Answers a process that has connected. */
    static UnixLine answer(SocketChannel accepted, EventLoopGroup loops, Duration deadline) throws IOException {
        UnixLine line = new UnixLine(accepted, loops, deadline);
        try {
            line.passing = opened(new Bootstrap()
                    .group(loops)
                    .channel(EpollDomainSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(new DomainSocketAddress(line.in.readUTF())));
            return line;
        } catch (IOException | RuntimeException e) {
            line.close();
            throw e;
        }
    }

    private static Channel opened(ChannelFuture opening) throws IOException {
        opening.awaitUninterruptibly();
        if (!opening.isSuccess()) {
            throw new IOException(opening.cause());
        }
        return opening.channel();
    }

    @Override
    public void send(Message message) throws IOException {
        out.write(Messages.encode(message));
        if (!(message instanceof Message.Door
                || message instanceof Message.Player
                || message instanceof Message.Tunnel)) {
            awaitPassed();
            out.flush();
        }
    }

    private void awaitPassed() throws IOException {
        ChannelFuture last = lastPassed;
        if (last != null) {
            boolean done = last.awaitUninterruptibly(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (!done || !last.isSuccess()) {
                throw new IOException("descriptors: not passed", last.cause());
            }
        }
    }

    @Override
    public Message receive() throws IOException {
        try {
            int length = in.readInt();
            if (!Messages.isLength(length)) {
                throw new IOException("message: " + length + " bytes");
            }
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return Messages.decode(bytes);
        } catch (EOFException e) {
            throw new IOException("the other process has gone", e);
        }
    }

    @Override
    public void pass(int descriptor) throws IOException {
        Channel to = passing;
        if (to == null) {
            throw new IOException("descriptors: no way for them");
        }
        // Not closed by what it is wrapped into: it goes on to be the channel's that it belongs to.
        lastPassed = to.writeAndFlush(new FileDescriptor(descriptor));
    }

    @Override
    public int passed() throws IOException {
        try {
            Integer next = descriptors.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null || next == NO_MORE) {
                throw new IOException("descriptors: one is missing");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void discard(Iterable<Integer> unwanted) {
        for (int descriptor : unwanted) {
            if (descriptor == NO_MORE) {
                continue;
            }
            try {
                new FileDescriptor(descriptor).close();
            } catch (IOException e) {
                // It is over in any case.
            }
        }
    }

    @Override
    public void close() {
        watchdog.cancel(false);
        cut();
        if (passing != null) {
            passing.close();
        }
        if (door != null) {
            door.close().awaitUninterruptibly();
            discard(descriptors);
            descriptors.clear();
        }
        try {
            if (own != null) {
                Files.deleteIfExists(own);
            }
        } catch (IOException e) {
            // The next process deletes its own.
        }
    }
}
