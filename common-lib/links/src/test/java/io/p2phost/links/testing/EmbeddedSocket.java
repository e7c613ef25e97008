package io.p2phost.links.testing;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** An {@link EmbeddedChannel} for handlers that want a socket; it comes from where it is told. */
public final class EmbeddedSocket extends EmbeddedChannel implements SocketChannel {
    private @Nullable SocketChannelConfig config;
    private final @Nullable InetSocketAddress peer;
    private boolean inputShut;
    private boolean outputShut;

    /** From 192.0.2.7. */
    public EmbeddedSocket(ChannelHandler... handlers) {
        this(from(192, 0, 2, 7), handlers);
    }

    /** Some port of that address. */
    public static InetSocketAddress from(int a, int b, int c, int d) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}), 40_000);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    public EmbeddedSocket(@Nullable InetSocketAddress peer, ChannelHandler... handlers) {
        super(handlers);
        this.peer = peer;
    }

    @Override
    public SocketChannelConfig config() {
        SocketChannelConfig made = config;
        if (made == null) {
            // Asked for while the channel is still being made.
            made = new DefaultSocketChannelConfig(this, new Socket());
            config = made;
        }
        return made;
    }

    /** Its parts are asked for by nobody here. */
    @Override
    public @Nullable ServerSocketChannel parent() {
        return null;
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_000);
    }

    @Override
    @SuppressWarnings("NullAway") // as a socket whose peer is gone
    public InetSocketAddress remoteAddress() {
        return peer;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    @Override
    public boolean isShutdown() {
        return inputShut && outputShut;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShut = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShut = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputShut = true;
        return shutdownOutput(promise);
    }
}
