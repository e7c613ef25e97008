package io.p2phost.links.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives all connections from one address the same loop of a group, so that a host that comes back finds its streams
 * there. The group stays with its owner.
 */
public final class LoopsByAddress extends AbstractEventExecutorGroup implements EventLoopGroup {
    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();

    public LoopsByAddress(EventLoopGroup group) {
        this.group = group;
        for (EventExecutor loop : group) {
            loops.add((EventLoop) loop);
        }
    }

    private EventLoop of(Channel channel) {
        return of(channel.remoteAddress() instanceof InetSocketAddress peer ? peer : null);
    }

    /** The loop of whoever comes from that address; any, for none. */
    public EventLoop of(@Nullable InetSocketAddress peer) {
        return peer == null || peer.getAddress() == null
                ? next()
                : loops.get(Math.floorMod(peer.getAddress().hashCode(), loops.size()));
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return of(channel).register(channel);
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        return of(promise.channel()).register(promise);
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        return of(channel).register(promise);
    }

    @Override
    public EventLoop next() {
        return group.next();
    }

    @Override
    public Iterator<EventExecutor> iterator() {
        return group.iterator();
    }

    @Override
    public boolean isShuttingDown() {
        return group.isShuttingDown();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return group.shutdownGracefully(quietPeriod, timeout, unit);
    }

    @Override
    public Future<?> terminationFuture() {
        return group.terminationFuture();
    }

    @Override
    @Deprecated
    public void shutdown() {
        group.shutdown();
    }

    @Override
    public boolean isShutdown() {
        return group.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return group.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return group.awaitTermination(timeout, unit);
    }
}
