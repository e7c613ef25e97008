package io.p2phost.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.gateway.door.KeyIssuer.Issued;
import io.p2phost.gateway.door.KeyIssuer.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyExchangeTest {
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final MutableTicker time = new MutableTicker();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Set<String> accepted = new HashSet<>(Set.of("good"));
    private final AtomicInteger asked = new AtomicInteger();
    private boolean away;
    private Duration lifetime = Duration.ofMinutes(5);

    private final KeyExchange exchange = exchange(this::answer, 100);

    private Optional<Issued> answer(String key) throws UnavailableException {
        asked.incrementAndGet();
        if (away) {
            throw new UnavailableException("host-registry is not available");
        }
        return accepted.contains(key)
                ? Optional.of(new Issued("token-" + asked.get(), time.instant().plus(lifetime)))
                : Optional.empty();
    }

    private KeyExchange exchange(KeyIssuer issuer, int most) {
        return new KeyExchange(
                issuer, new KeyExchange.Settings(MINUTE, Duration.ofSeconds(5), most), time, time, meters);
    }

    @Test
    void anAcceptedKeyIsAskedForOnceAMinute() throws Exception {
        assertThat(exchange.tokenFor("good")).contains("token-1");
        time.advance(MINUTE.minusMillis(1));
        assertThat(exchange.tokenFor("good")).contains("token-1");
        time.advance(Duration.ofMillis(1));
        assertThat(exchange.tokenFor("good")).contains("token-2");
    }

    @Test
    void aRevokedKeyStopsWorkingWithinAMinuteHoweverOftenItIsUsed() throws Exception {
        exchange.tokenFor("good");
        accepted.clear();
        for (int second = 1; second < 60; second++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(exchange.tokenFor("good")).isPresent();
        }
        time.advance(Duration.ofSeconds(1));
        assertThat(exchange.tokenFor("good")).isEmpty();
    }

    @Test
    void aRefusalIsRememberedForFiveSecondsAndANewKeyWorksThen() throws Exception {
        assertThat(exchange.tokenFor("new")).isEmpty();
        accepted.add("new");
        time.advance(Duration.ofMillis(4_999));
        assertThat(exchange.tokenFor("new")).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(exchange.tokenFor("new")).isPresent();
        assertThat(asked).hasValue(2);
    }

    @Test
    void aRegistryThatIsAwayIsNoAnswerAndIsNotRemembered() throws Exception {
        exchange.tokenFor("good");
        away = true;
        assertThat(exchange.tokenFor("good")).as("remembered from before").isPresent();
        time.advance(MINUTE);
        assertThatThrownBy(() -> exchange.tokenFor("good")).isInstanceOf(UnavailableException.class);
        away = false;
        assertThat(exchange.tokenFor("good")).isPresent();
    }

    @Test
    void aTokenIsNotHandedOutUpToItsLastMoment() throws Exception {
        lifetime = Duration.ofSeconds(30);
        exchange.tokenFor("good");
        time.advance(Duration.ofSeconds(20));
        exchange.tokenFor("good");
        assertThat(asked).hasValue(2);
    }

    @Test
    void theMemoryIsBounded() throws Exception {
        KeyExchange small = exchange(this::answer, 10);
        for (int i = 0; i < 1_000; i++) {
            small.tokenFor("wrong-" + i);
        }
        int remembered = 0;
        for (int i = 0; i < 1_000; i++) {
            remembered += small.remembers("wrong-" + i) ? 1 : 0;
        }
        assertThat(remembered).isBetween(1, 10);
    }

    @Test
    void manyRequestsWithOneUnknownKeyAskOnce() throws Exception {
        // The first question is held until every other caller waits for it or has found its answer remembered.
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger questions = new AtomicInteger();
        KeyIssuer slow = key -> {
            questions.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(new Issued("t", time.instant().plus(MINUTE)));
        };
        KeyExchange held = exchange(slow, 100);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                answers.add(threads.submit(() -> held.tokenFor("key")));
            }
            release.countDown();
            for (Future<Optional<String>> answer : answers) {
                assertThat(answer.get()).contains("t");
            }
        }
        assertThat(questions).hasValue(1);
    }
}
