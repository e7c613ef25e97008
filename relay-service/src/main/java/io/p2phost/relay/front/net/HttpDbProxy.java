package io.p2phost.relay.front.net;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Entry;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.tunnel.Assignment;
import io.p2phost.relay.tunnel.Deliveries;
import io.p2phost.ro.client.Enter;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Component
class HttpDbProxy implements DbProxy, AutoCloseable {
    /** db-proxy gives the char-server five seconds, and itself seven. */
    private static final Duration ENTRY = Duration.ofSeconds(8);

    private static final Duration SIGNAL = Duration.ofSeconds(2);

    /** Questions at once; whoever is one too many asks again in a second. */
    static final int MOST_ENTRIES = 1_000;

    private static final int SERVER_ERROR = 500;

    private final RestClient entries;
    private final RestClient signals;
    private final Deliveries deliveries;
    private final MeterRegistry meters;
    private final String relayId;
    private final Semaphore places = new Semaphore(MOST_ENTRIES);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    private record GoneOf(int account) {}

    HttpDbProxy(InternalClients clients, Deliveries deliveries, MeterRegistry meters, RelayProperties properties) {
        this.entries = clients.rest(ServiceName.DB_PROXY, ENTRY);
        this.signals = clients.rest(ServiceName.DB_PROXY, SIGNAL);
        this.deliveries = deliveries;
        this.meters = meters;
        this.relayId = properties.relayId();
    }

    @Override
    public void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer) {
        if (!places.tryAcquire()) {
            count("too_many");
            loop.execute(() -> answer.accept(new Entry.Silent("too many enter at once")));
            return;
        }
        boolean started = start(() -> {
            Entry entry;
            try {
                entry = ask(enter, clientIp);
            } finally {
                places.release();
            }
            loop.execute(() -> answer.accept(entry));
        });
        if (!started) {
            places.release();
        }
    }

    private Entry ask(Enter enter, String clientIp) {
        try {
            Decision decision = entries.post()
                    .uri("/internal/v1/entries")
                    .body(new EntryBody(
                            relayId, clientIp, enter.accountId(), enter.charId(), enter.loginId1(), enter.sex()))
                    .retrieve()
                    .body(Decision.class);
            Entry entry = decision == null ? new Entry.Silent("db-proxy answered without a body") : decision.entry();
            count(
                    switch (entry) {
                        case Entry.Routed routed -> "routed";
                        case Entry.Refused refused -> "refused";
                        case Entry.Silent silent -> "silent";
                    });
            return entry;
        } catch (RuntimeException e) {
            // Whatever it is: a player whose question is not answered does not ask again.
            count("silent");
            return new Entry.Silent(String.valueOf(e.getMessage()));
        }
    }

    private void count(String outcome) {
        meters.counter("p2p_relay_entries_total", "outcome", outcome).increment();
    }

    @Override
    public void restartSeen(Loop loop, int account, long number, Runnable told) {
        start(() -> {
            try {
                signal(account, number, "RESTART");
            } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
                count("restart_untold");
            } finally {
                loop.execute(told);
            }
        });
    }

    @Override
    public void walked(Loop loop, int account, long number, MapName map, int x, int y, Consumer<Boolean> taken) {
        ask(loop, new SignalBody(relayId, account, number, "WALKED", map, x, y), "walk_untaken", taken);
    }

    @Override
    public void gives(Loop loop, int account, long number, Consumer<Boolean> taken) {
        ask(loop, new SignalBody(relayId, account, number, "GIVES", null, null, null), "gift_untaken", taken);
    }

    private void ask(Loop loop, SignalBody body, String refused, Consumer<Boolean> taken) {
        start(() -> {
            boolean goes = false;
            try {
                signal(body);
                goes = true;
            } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
                count(refused);
            } finally {
                boolean answer = goes;
                loop.execute(() -> taken.accept(answer));
            }
        });
    }

    @Override
    public void gave(int account, long number) {
        tell(account, number, "GAVE");
    }

    @Override
    public void took(int account, long number) {
        tell(account, number, "TOOK");
    }

    private void tell(int account, long number, String kind) {
        start(() -> {
            try {
                signal(account, number, kind);
            } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
                count("gift_untold");
            }
        });
    }

    @Override
    public void gone(int account, long number) {
        deliveries.submit(new GoneOf(account), new Deliveries.Message("player_gone", () -> true, () -> {
            try {
                signal(account, number, "GONE");
            } catch (PeerUnavailableException e) {
                throw new Assignment.RetryLaterException(e);
            } catch (PeerProblemException e) {
                if (e.status() >= SERVER_ERROR) {
                    throw new Assignment.RetryLaterException(e);
                }
                throw e;
            }
        }));
    }

    private void signal(int account, long number, String kind) {
        signal(new SignalBody(relayId, account, number, kind, null, null, null));
    }

    private void signal(SignalBody body) {
        signals.post().uri("/internal/v1/player-signals").body(body).retrieve().toBodilessEntity();
    }

    private boolean start(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // The relay stops.
            return false;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    record EntryBody(String relayId, String clientIp, int accountId, int characterId, int loginId1, int sex) {}

    record SignalBody(
            String relayId,
            int accountId,
            long sessionNumber,
            String kind,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            MapName map,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer x,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer y) {}

    /** What db-proxy answers; what does not apply is left out. */
    record Decision(
            @Nullable String decision,
            @Nullable Owner owner,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Integer loginId1,
            @Nullable Integer group,
            @Nullable Long sessionNumber,
            @Nullable Integer x,
            @Nullable Integer y,
            @Nullable Integer code,
            @Nullable String detail) {
        Entry entry() {
            if ("REFUSED".equals(decision)) {
                return new Entry.Refused(code == null ? 1 : code, detail == null ? "" : detail);
            }
            if (!"ROUTED".equals(decision)
                    || owner == null
                    || map == null
                    || epoch == null
                    || loginId1 == null
                    || sessionNumber == null
                    || x == null
                    || y == null) {
                return new Entry.Silent(
                        "neither REFUSED nor ROUTED with all of owner, map, epoch, loginId1, sessionNumber, x, y");
            }
            return new Entry.Routed(
                    new Destination(owner, map, epoch, loginId1, sessionNumber, x, y), group == null ? 0 : group);
        }
    }
}
