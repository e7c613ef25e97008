package io.p2phost.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.registry.RegistryUnderTest.Answer;
import io.p2phost.testkit.TestService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many at once on two instances; a barrier lets all of them go at the same moment. */
class RegistryRaceIT {
    private static final int THREADS = 16;

    private static RegistryUnderTest registry;
    private static TestService second;

    @BeforeAll
    static void start() {
        registry = new RegistryUnderTest(Map.of(
                "spring.datasource.hikari.connection-timeout",
                "20000",
                "p2p.registry.enrolment.max-hosts-per-account",
                "3"));
        second = registry.another(Map.of());
    }

    @AfterAll
    static void stop() {
        second.close();
        registry.close();
    }

    private static String instance(int i) {
        return (i % 2 == 0 ? registry.service() : second).url();
    }

    private static List<Answer> together(java.util.function.IntFunction<Answer> call) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                Callable<Answer> one = () -> {
                    barrier.await();
                    return call.apply(number);
                };
                answers.add(threads.submit(one));
            }
            List<Answer> all = new ArrayList<>();
            for (Future<Answer> answer : answers) {
                all.add(answer.get());
            }
            return all;
        }
    }

    private static Answer post(int i, String path, String token, Map<String, Object> body) {
        return registry.raw(
                instance(i),
                "POST",
                path,
                token,
                io.p2phost.contracts.Json.mapper().writeValueAsString(body));
    }

    @Test
    void oneCodeMakesOneHostHoweverManyRedeemIt() throws Exception {
        String code = registry.newCode(3_000_001);

        List<Answer> answers =
                together(i -> post(i, "/api/v1/enrolments/" + code + ":redeem", null, new TestHost().redemption(code)));

        assertThat(answers).filteredOn(a -> a.status() == 201).hasSize(1);
        assertThat(answers).filteredOn(a -> a.status() == 410).hasSize(THREADS - 1);
    }

    @Test
    void anAccountGetsNoMoreHostsThanItsLimitHoweverManyCodesAreRedeemedAtOnce() throws Exception {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            codes.add(registry.newCode(3_000_002));
        }

        List<Answer> answers = together(i -> {
            String code = codes.get(i % codes.size());
            return post(i, "/api/v1/enrolments/" + code + ":redeem", null, new TestHost().redemption(code));
        });

        assertThat(answers).filteredOn(a -> a.status() == 201).hasSize(3);
        assertThat(answers).extracting(Answer::status).containsOnly(201, 409, 410);
    }

    @Test
    void oneKeyMakesOneHostHoweverManyCodesItRedeemsAtOnce() throws Exception {
        TestHost machine = new TestHost();
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            codes.add(registry.newCode(3_100_000 + i));
        }

        List<Answer> answers = together(
                i -> post(i, "/api/v1/enrolments/" + codes.get(i) + ":redeem", null, machine.redemption(codes.get(i))));

        assertThat(answers).filteredOn(a -> a.status() == 201).hasSize(1);
        assertThat(answers).filteredOn(a -> a.status() == 409).hasSize(THREADS - 1);
    }

    @Test
    void oneAssertionIsWorthOneToken() throws Exception {
        TestHost host = registry.enrolledHost(3_000_003);
        String assertion = host.assertion();

        List<Answer> answers = together(i -> registry.token(assertion));

        assertThat(answers).filteredOn(a -> a.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(a -> a.status() == 400).hasSize(THREADS - 1);
    }

    @Test
    void changesOfOneHostAtTwoInstancesGiveEachItsOwnVersion() throws Exception {
        TestHost host = registry.enrolledHost(3_000_004);
        registry.openSession(host, TestHost.machine());
        String admin = registry.adminToken();

        List<Answer> answers = together(
                i -> post(i, "/api/v1/hosts/" + host.id + (i % 4 < 2 ? ":drain" : ":undrain"), admin, Map.of()));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        try (HostStates states = new HostStates(io.p2phost.contracts.HostId.of(host.id))) {
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(states.read())
                            .as("one event per version, in their order")
                            .extracting(e -> e.epoch())
                            .hasSizeGreaterThanOrEqualTo(3)
                            .doesNotHaveDuplicates()
                            .isSorted());
        }
    }
}
