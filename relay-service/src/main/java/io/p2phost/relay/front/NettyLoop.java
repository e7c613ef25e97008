package io.p2phost.relay.front;

import io.netty.channel.EventLoop;
import io.p2phost.relay.player.Loop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A player's loop is the one of his connection. */
record NettyLoop(EventLoop loop) implements Loop {
    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The relay stops, and everybody's connection with it.
        }
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> scheduled = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
