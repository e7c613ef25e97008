package io.p2phost.metrics.history.jdbc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.metrics.history.HistoryBucket;
import io.p2phost.metrics.history.HistoryProperties;
import io.p2phost.metrics.history.HostHistory;
import io.p2phost.metrics.history.HostSample;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

@Repository
class JdbcHostHistory implements HostHistory {
    private static final Logger log = LoggerFactory.getLogger(JdbcHostHistory.class);
    private static final String PREFIX = "p2p_performance_";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final int DAYS_AHEAD = 1;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final HistoryProperties properties;
    private final Counter kept;
    private final Counter tooOld;
    private final Set<LocalDate> partitions = ConcurrentHashMap.newKeySet();

    JdbcHostHistory(JdbcClient jdbc, Clock clock, HistoryProperties properties, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.properties = properties;
        this.kept = meters.counter("p2p_metrics_samples_total", "result", "kept");
        this.tooOld = meters.counter("p2p_metrics_samples_total", "result", "outside_retention");
        meters.gauge("p2p_metrics_partitions", partitions, Set::size);
    }

    @Override
    public void add(HostSample sample) {
        LocalDate day = sample.at().atZone(ZoneOffset.UTC).toLocalDate();
        if (day.isBefore(oldestKept()) || day.isAfter(today().plusDays(DAYS_AHEAD))) {
            tooOld.increment();
            return;
        }
        ensurePartition(day);
        jdbc.sql("insert into p2p_performance (host_id, timestamp, cpu_usage, memory_usage, network_usage, latency,"
                        + " packet_loss, players, maps) values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        sample.hostId().value(),
                        Timestamp.from(sample.at()),
                        sample.cpuPercent(),
                        sample.memoryPercent(),
                        sample.networkPercent(),
                        sample.latencyMs(),
                        sample.packetLossPercent(),
                        sample.players(),
                        sample.maps())
                .update();
        kept.increment();
    }

    @Override
    public List<HistoryBucket> read(HostId host, Instant from, Instant to, Duration step) {
        return jdbc.sql("""
                        select date_bin(make_interval(secs => ?), timestamp, ?) as bucket, count(*),
                               avg(cpu_usage), avg(memory_usage), avg(network_usage), avg(latency), max(latency),
                               avg(packet_loss), avg(players), avg(maps)
                        from p2p_performance
                        where host_id = ? and timestamp >= ? and timestamp < ?
                        group by bucket order by bucket""")
                .params(
                        (double) step.toMillis() / 1_000,
                        Timestamp.from(from),
                        host.value(),
                        Timestamp.from(from),
                        Timestamp.from(to))
                .query((rs, n) -> new HistoryBucket(
                        rs.getTimestamp(1).toInstant(),
                        rs.getInt(2),
                        rs.getDouble(3),
                        rs.getDouble(4),
                        rs.getDouble(5),
                        rs.getDouble(6),
                        rs.getDouble(7),
                        rs.getDouble(8),
                        rs.getDouble(9),
                        rs.getDouble(10)))
                .list();
    }

    private void ensurePartition(LocalDate day) {
        if (partitions.contains(day)) {
            return;
        }
        jdbc.sql("create table if not exists " + PREFIX + day.format(DAY)
                        + " partition of p2p_performance for values from ('" + day + " 00:00:00+00') to ('"
                        + day.plusDays(1) + " 00:00:00+00')")
                .update();
        partitions.add(day);
    }

    /** Drops days outside of the retention. */
    @Scheduled(initialDelay = 60_000, fixedDelay = 3_600_000)
    void dropOldDays() {
        LocalDate oldest = oldestKept();
        List<String> tables = jdbc.sql("select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                        + " where i.inhparent = 'p2p_performance'::regclass")
                .query(String.class)
                .list();
        for (String table : tables) {
            LocalDate day = LocalDate.parse(table.substring(PREFIX.length()), DAY);
            if (day.isBefore(oldest)) {
                jdbc.sql("drop table if exists " + PREFIX + day.format(DAY)).update();
                partitions.remove(day);
                log.info(
                        "history of {} dropped (retention {} days)",
                        day,
                        properties.retention().toDays());
            }
        }
    }

    private LocalDate today() {
        return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private LocalDate oldestKept() {
        return today().minusDays(properties.retention().toDays());
    }
}
