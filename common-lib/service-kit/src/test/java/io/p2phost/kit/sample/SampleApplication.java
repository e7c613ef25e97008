package io.p2phost.kit.sample;

import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.AssignmentChanged;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.Topics;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.ServiceApplication;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.kit.outbox.Outbox;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowAnonymous;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A small service with one of everything the kit offers. */
@SpringBootApplication
public class SampleApplication {
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(SampleApplication.class, ServiceName.METRICS, args);
    }

    @Bean
    Seen seen() {
        return new Seen();
    }

    @Bean
    EventSubscription<AssignmentChanged> once(Seen seen) {
        EventSubscription<AssignmentChanged> every =
                EventSubscription.group("once", Topics.ASSIGNMENTS, AssignmentChanged.class, event -> {
                    if (event.data().cause().equals("poison")) {
                        throw new IllegalArgumentException("cause: poison");
                    }
                    if (event.data().cause().equals("fails twice") && seen.failures.incrementAndGet() <= 2) {
                        throw new IllegalStateException("not yet");
                    }
                    seen.once.add(event);
                });
        return every.when(data -> !data.cause().equals("of no interest"));
    }

    @Bean
    EventSubscription<AssignmentChanged> all(Seen seen) {
        return EventSubscription.broadcast("all", Topics.ASSIGNMENTS, AssignmentChanged.class, seen.all::add);
    }

    /** What the subscriptions received. */
    public static final class Seen {
        public final List<EventEnvelope<AssignmentChanged>> once = new CopyOnWriteArrayList<>();
        public final List<EventEnvelope<AssignmentChanged>> all = new CopyOnWriteArrayList<>();
        public final AtomicInteger failures = new AtomicInteger();
    }

    record Thing(String id, int size, MapName map) {}

    @RestController
    static class Things {
        private final JdbcClient jdbc;
        private final TransactionTemplate transactions;
        private final Outbox outbox;
        private final Envelopes envelopes;

        Things(JdbcClient jdbc, TransactionTemplate transactions, Outbox outbox, Envelopes envelopes) {
            this.jdbc = jdbc;
            this.transactions = transactions;
            this.outbox = outbox;
            this.envelopes = envelopes;
        }

        @PostMapping("/api/v1/things")
        @Allow({Role.ADMIN, Role.OPERATOR})
        Thing create(@RequestBody Thing thing) {
            return thing;
        }

        @GetMapping("/api/v1/maps/{map}")
        @Allow(Role.ADMIN)
        MapName map(@PathVariable MapName map) {
            return map;
        }

        @GetMapping("/api/v1/me")
        @Allow({Role.ADMIN, Role.HOST})
        Map<String, String> me(Caller caller) {
            return Map.of("actor", caller.actor());
        }

        @GetMapping("/api/v1/unmarked")
        String unmarked() {
            return "never";
        }

        @GetMapping("/api/v1/open")
        @AllowAnonymous
        String open() {
            return "open";
        }

        @GetMapping("/api/v1/boom")
        @Allow(Role.ADMIN)
        String boom() {
            throw new IllegalStateException("secret inside");
        }

        @GetMapping("/api/v1/refused")
        @Allow(Role.ADMIN)
        String refused() {
            throw new ProblemException(ProblemType.BELOW_MINIMUM, "too small", Map.of("errors", List.of("a", "b")));
        }

        @GetMapping("/internal/v1/only-relay")
        @AllowInternal(ServiceName.RELAY)
        String onlyRelay() {
            return "hello relay";
        }

        @PostMapping("/internal/v1/things/{id}")
        @AllowInternal(ServiceName.RELAY)
        void change(@PathVariable String id, @RequestBody Map<String, String> body) {
            transactions.executeWithoutResult(status -> {
                jdbc.sql(
                                "insert into things (id, version) values (?, 1) on conflict (id) do update set version = things.version + 1")
                        .param(id)
                        .update();
                outbox.append(
                        Topics.ASSIGNMENTS,
                        envelopes.of(
                                AssignmentChanged.TYPE,
                                id,
                                1,
                                new AssignmentChanged(
                                        MapName.of("prt_fild08"),
                                        io.p2phost.contracts.Epoch.of(1),
                                        null,
                                        null,
                                        body.getOrDefault("cause", ""))));
                if ("roll back".equals(body.get("cause"))) {
                    status.setRollbackOnly();
                }
            });
        }
    }
}
