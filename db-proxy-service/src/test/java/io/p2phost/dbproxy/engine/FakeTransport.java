package io.p2phost.dbproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.p2phost.ro.Packet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection without a network. */
final class FakeTransport implements Transport {
    final List<byte[]> written = new CopyOnWriteArrayList<>();
    final AtomicInteger taken = new AtomicInteger();
    volatile int unsent;
    volatile boolean finished;
    volatile boolean cut;

    @Override
    public void write(ByteBuf bytes) {
        written.add(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    /** Ids of everything written, in order. */
    List<Integer> ids() {
        return written.stream().map(bytes -> Packet.of(bytes).id()).toList();
    }

    @Override
    public int unsent() {
        return unsent;
    }

    @Override
    public void taken(int bytes) {
        taken.addAndGet(bytes);
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public void cut() {
        cut = true;
    }
}
