package io.p2phost.standalone.suite;

import io.p2phost.standalone.part.Part;
import io.p2phost.standalone.part.PartFailure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A part that notes what happens to it. */
final class FakePart implements Part {
    final AtomicInteger starts = new AtomicInteger();
    final CountDownLatch mayStart;
    volatile @Nullable String failure;
    volatile @Nullable String death;
    volatile boolean ready = true;

    private final String name;
    private final List<String> journal;

    FakePart(String name, List<String> journal, boolean held) {
        this.name = name;
        this.journal = journal;
        this.mayStart = new CountDownLatch(held ? 1 : 0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() throws PartFailure, InterruptedException {
        journal.add("start " + name);
        starts.incrementAndGet();
        mayStart.await();
        String why = failure;
        if (why != null) {
            throw new PartFailure(why);
        }
        death = null;
    }

    @Override
    public Optional<String> death() {
        return Optional.ofNullable(death);
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public void stop() {
        journal.add("stop " + name);
    }

    @Override
    public long pid() {
        return 0;
    }
}
