package io.p2phost.assignment;

import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.entry.KeptAnswers;
import io.p2phost.assignment.failover.FailoverRows;
import io.p2phost.assignment.failover.Failovers;
import io.p2phost.assignment.failover.Repair;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.standby.StandbyPlanner;
import io.p2phost.kit.consume.Subscriptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;

/** What this service does by itself, over and over. A look that fails says so and is followed by the next. */
@Configuration(proxyBeanMethods = false)
class SchedulesConfiguration {
    private static final Logger log = LoggerFactory.getLogger(SchedulesConfiguration.class);
    private static final Duration FAILOVER_LEFT_AFTER = Duration.ofMillis(500);
    private static final Duration FAILOVER_RETENTION = Duration.ofDays(7);
    private static final int MAX_FAILOVERS = 50;
    private static final int MAX_FORGOTTEN = 5_000;

    private final Repair repair;
    private final Failovers failovers;
    private final StandbyPlanner standbys;
    private final OperatorConfig config;
    private final HostIndex index;
    private final Subscriptions subscriptions;
    private final List<KeptAnswers<?>> answers;
    private final FailoverRows failoverRows;
    private final AssignmentProperties properties;
    private final Clock clock;

    SchedulesConfiguration(
            Repair repair,
            Failovers failovers,
            StandbyPlanner standbys,
            OperatorConfig config,
            HostIndex index,
            Subscriptions subscriptions,
            List<KeptAnswers<?>> answers,
            FailoverRows failoverRows,
            AssignmentProperties properties,
            Clock clock) {
        this.repair = repair;
        this.failovers = failovers;
        this.standbys = standbys;
        this.config = config;
        this.index = index;
        this.subscriptions = subscriptions;
        this.answers = answers;
        this.failoverRows = failoverRows;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.sweep-interval:1s}")
    void sweep() {
        attempt("configuration", config::reload);
        attempt("unsettled maps", repair::unsettled);
        attempt("failovers", () -> failovers.sweep(FAILOVER_LEFT_AFTER, MAX_FAILOVERS));
        attempt("distribution", repair::distribute);
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.repair-interval:5s}")
    void repairEveryMap() {
        // While old states are being read again, a host may look gone that is long back.
        if (subscriptions.caughtUp("host-states")) {
            attempt("every map", repair::everyMap);
        }
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.standby.interval:2s}")
    void standbys() {
        // While old states are being read again, a standby's host may look gone that is long back.
        if (subscriptions.caughtUp("host-states")) {
            attempt("standbys", standbys::look);
        }
    }

    @Scheduled(fixedDelayString = "${p2p.assignment.owners-interval:30s}")
    void adoptOwners() {
        attempt("owners in effect", repair::adoptOwners);
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT30S")
    void refreshRatings() {
        attempt("ratings", index::refresh);
    }

    @Scheduled(fixedDelayString = "PT10M")
    void forget() {
        Instant before = clock.instant().minus(properties.entryRetention());
        answers.forEach(kept -> attempt("old answers", () -> kept.forget(before, MAX_FORGOTTEN)));
        attempt("old failovers", () -> failoverRows.forget(clock.instant().minus(FAILOVER_RETENTION), MAX_FORGOTTEN));
    }

    private static void attempt(String what, Runnable look) {
        try {
            look.run();
        } catch (DataAccessException | TransactionException e) {
            log.warn("{}: the database does not answer, looked at again soon ({})", what, e.getMessage());
        } catch (RuntimeException e) {
            log.error("{}: look failed, followed by the next", what, e);
        }
    }
}
