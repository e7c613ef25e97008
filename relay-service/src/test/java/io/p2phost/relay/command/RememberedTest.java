package io.p2phost.relay.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private final AtomicLong now = new AtomicLong(1);
    private final AtomicInteger calls = new AtomicInteger();
    private boolean away;
    private final Remembered<String, String> remembered = new Remembered<>(
            key -> {
                calls.incrementAndGet();
                return away ? Optional.empty() : Optional.of(key + calls.get());
            },
            now::get);

    @Test
    void answerIsGoodForASecond() {
        assertThat(remembered.get("a")).contains("a1");
        now.addAndGet(Remembered.GOOD.toNanos() - 1);
        assertThat(remembered.get("a")).contains("a1");
        assertThat(remembered.get("b")).contains("b2");
        now.addAndGet(1);
        assertThat(remembered.get("a")).contains("a3");
    }

    @Test
    void silentServiceIsLeftAloneForFiveSeconds() {
        away = true;
        assertThat(remembered.get("a")).isEmpty();
        away = false;
        now.addAndGet(Remembered.ALONE.toNanos() - 1);
        assertThat(remembered.get("b")).isEmpty();
        assertThat(calls).hasValue(1);
        now.addAndGet(1);
        assertThat(remembered.get("b")).contains("b2");
    }

    @Test
    void noMoreThanSoManyAnswersAreKept() {
        for (int i = 0; i <= Remembered.MOST; i++) {
            remembered.get("key" + i);
        }
        assertThat(remembered.size()).isEqualTo(Remembered.MOST);
        calls.set(0);
        remembered.get("key0");
        assertThat(calls).as("the oldest was forgotten").hasValue(1);
    }
}
