package io.p2phost.links.testing;

import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers what links counted. */
public final class RecordingMetrics implements LinkMetrics {
    public final List<Boolean> acceptingNative = new CopyOnWriteArrayList<>();
    public final List<DropReason> drops = new CopyOnWriteArrayList<>();
    public final List<CloseReason> closes = new CopyOnWriteArrayList<>();
    public final AtomicInteger opened = new AtomicInteger();
    public final AtomicLong bytesIn = new AtomicLong();
    public final AtomicLong bytesOut = new AtomicLong();
    public final AtomicLong packedFrom = new AtomicLong();
    public final AtomicLong packedTo = new AtomicLong();
    public final AtomicLong buffered = new AtomicLong();
    public final AtomicLong mostBuffered = new AtomicLong();
    public final AtomicInteger stalls = new AtomicInteger();
    public final AtomicInteger resumed = new AtomicInteger();
    public final AtomicInteger expired = new AtomicInteger();
    public final AtomicInteger sourcesRefused = new AtomicInteger();
    public final AtomicInteger roundTrips = new AtomicInteger();

    @Override
    public void accepting(boolean nativeTls) {
        acceptingNative.add(nativeTls);
    }

    @Override
    public void dropped(DropReason reason) {
        drops.add(reason);
    }

    @Override
    public void opened() {
        opened.incrementAndGet();
    }

    @Override
    public void closed(CloseReason reason) {
        closes.add(reason);
    }

    @Override
    public void bytesIn(int bytes) {
        bytesIn.addAndGet(bytes);
    }

    @Override
    public void bytesOut(int bytes) {
        bytesOut.addAndGet(bytes);
    }

    @Override
    public void packed(int bytes, int packedBytes) {
        packedFrom.addAndGet(bytes);
        packedTo.addAndGet(packedBytes);
    }

    @Override
    public void buffered(int deltaBytes) {
        long now = buffered.addAndGet(deltaBytes);
        mostBuffered.accumulateAndGet(now, Math::max);
    }

    @Override
    public void windowStalled() {
        stalls.incrementAndGet();
    }

    @Override
    public void resumed(int streams) {
        resumed.addAndGet(streams);
    }

    @Override
    public void expired(int streams) {
        expired.addAndGet(streams);
    }

    @Override
    public void sourceRefused() {
        sourcesRefused.incrementAndGet();
    }

    @Override
    public void roundTrip(long nanos) {
        roundTrips.incrementAndGet();
    }
}
