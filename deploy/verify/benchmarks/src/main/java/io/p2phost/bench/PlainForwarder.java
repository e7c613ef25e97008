package io.p2phost.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.p2phost.links.net.LinkTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes TCP on and looks at nothing, in a process of its own, on one of the transports that a relay could have. */
final class PlainForwarder {
    private static final int BACKLOG = 4_096;
    /** As Netty begins and ends: what is read at once grows with what comes. */
    private static final int FIRST_BYTES = 2_048;

    private static final int MOST_BYTES = 65_536;

    /** What its sockets are made of. */
    enum Form {
        /** What a relay has unless it can hand its sockets over. */
        NIO("Netty, NIO"),
        EPOLL("Netty, epoll"),
        IO_URING("Netty, io_uring"),
        VIRTUAL("virtual threads, two a connection");

        private final String words;

        Form(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        /** Why this machine does not have it. */
        Optional<String> missing() {
            @Nullable
            Throwable cause = switch (this) {
                case NIO, VIRTUAL -> null;
                case EPOLL -> Epoll.unavailabilityCause();
                case IO_URING -> IoUring.unavailabilityCause();
            };
            while (cause != null && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return Optional.ofNullable(cause).map(why -> "not to be had here (" + why + ")");
        }

        private LinkTransport.Kind kind() {
            return switch (this) {
                case NIO -> LinkTransport.Kind.nio();
                case EPOLL ->
                    new LinkTransport.Kind(
                            EpollIoHandler.newFactory(),
                            EpollServerSocketChannel.class,
                            EpollSocketChannel.class,
                            true);
                case IO_URING ->
                    new LinkTransport.Kind(
                            IoUringIoHandler.newFactory(),
                            IoUringServerSocketChannel.class,
                            IoUringSocketChannel.class,
                            true);
                case VIRTUAL -> throw new IllegalStateException("VIRTUAL (expected: one of Netty's)");
            };
        }
    }

    private PlainForwarder() {}

    /** Form, and port to pass everything on to. Prints its own port, and ends with its input. */
    public static void main(String[] args) throws Exception {
        Form form = Form.valueOf(args[0]);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        System.out.println(form == Form.VIRTUAL ? threads(any, target) : loops(form.kind(), any, target));
        while (System.in.read() >= 0) {
            // Whoever started us is still there.
        }
        System.exit(0);
    }

    private static int loops(LinkTransport.Kind kind, InetSocketAddress any, InetSocketAddress target) {
        LinkTransport transport =
                LinkTransport.start("plain", Runtime.getRuntime().availableProcessors(), kind);
        Channel listening = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel player) {
                        join(transport, player, target);
                    }
                })
                .bind(any)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private static void join(LinkTransport transport, SocketChannel player, InetSocketAddress target) {
        new Bootstrap()
                .group(player.eventLoop())
                .channel(transport.socketChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new Half(player))
                .connect(target)
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        player.pipeline().addLast(new Half(connected.channel()));
                        player.config().setAutoRead(true);
                    } else {
                        player.close();
                    }
                });
    }

    /** What comes here goes there, no faster than it is taken. */
    private static final class Half extends ChannelInboundHandlerAdapter {
        private final Channel there;

        Half(Channel there) {
            this.there = there;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            there.write(message, there.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            there.flush();
            if (!there.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                there.config().setAutoRead(true);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            there.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static int threads(InetSocketAddress any, InetSocketAddress target) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open().bind(any, BACKLOG);
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    java.nio.channels.SocketChannel player = listening.accept();
                    Thread.ofVirtual().start(() -> join(player, target));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return ((InetSocketAddress) listening.getLocalAddress()).getPort();
    }

    private static void join(java.nio.channels.SocketChannel player, InetSocketAddress target) {
        try (player;
                java.nio.channels.SocketChannel server = java.nio.channels.SocketChannel.open(target)) {
            player.setOption(StandardSocketOptions.TCP_NODELAY, true);
            server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Thread back = Thread.ofVirtual().start(() -> pass(server, player));
            pass(player, server);
            back.join();
        } catch (IOException e) {
            // Nobody there: the player is gone with it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until one of them ends; then both do. */
    private static void pass(java.nio.channels.SocketChannel from, java.nio.channels.SocketChannel to) {
        try (from;
                to) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_BYTES);
            while (from.read(bytes) >= 0) {
                boolean more = !bytes.hasRemaining() && bytes.capacity() < MOST_BYTES;
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes = more ? ByteBuffer.allocateDirect(2 * bytes.capacity()) : bytes.clear();
            }
        } catch (IOException e) {
            // It ended.
        }
    }
}
