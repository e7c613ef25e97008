package io.p2phost.assignment.catalogue.jdbc;

import io.p2phost.assignment.catalogue.CatalogueEvents;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.contracts.event.MapCatalogueEntry;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.kit.outbox.Outbox;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Compares with what was published last and appends what differs to the outbox, in one transaction for all. */
@Component
class JdbcCatalogueEvents implements CatalogueEvents {
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Outbox outbox;
    private final Envelopes envelopes;
    private final TransactionTemplate transactions;

    JdbcCatalogueEvents(
            JdbcClient jdbc, JsonMapper json, Outbox outbox, Envelopes envelopes, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.json = json;
        this.outbox = outbox;
        this.envelopes = envelopes;
        this.transactions = transactions;
    }

    @Override
    public void publish(Collection<MapEntry> entries) {
        transactions.executeWithoutResult(status -> {
            Map<String, String> before = published();
            List<MapEntry> changed = entries.stream()
                    .filter(e -> !text(e).equals(before.get(e.map().value())))
                    .sorted(java.util.Comparator.comparing(MapEntry::map))
                    .toList();
            changed.forEach(this::append);
        });
    }

    private Map<String, String> published() {
        Map<String, String> entries = new HashMap<>();
        jdbc.sql("select map, entry from map_catalogue")
                .query((rs, n) -> entries.put(rs.getString("map"), rs.getString("entry")))
                .list();
        return entries;
    }

    private void append(MapEntry entry) {
        // The row's lock keeps the events of one map in the order of their versions.
        List<Long> versions = jdbc.sql("insert into map_catalogue as c (map, entry, version) values (:map, :entry, 1)"
                        + " on conflict (map) do update set entry = :entry, version = c.version + 1"
                        + " where c.entry <> :entry returning version")
                .param("map", entry.map().value())
                .param("entry", text(entry))
                .query(Long.class)
                .list();
        for (Long version : versions) {
            outbox.append(
                    Topics.MAP_CATALOGUE,
                    envelopes.of(MapCatalogueEntry.TYPE, entry.map().value(), version, event(entry)));
        }
    }

    private String text(MapEntry entry) {
        return json.writeValueAsString(event(entry));
    }

    private static MapCatalogueEntry event(MapEntry entry) {
        return new MapCatalogueEntry(
                entry.map(),
                entry.eligible(),
                entry.eligibility() == MapEntry.Eligibility.RESTRICTED,
                entry.minTier(),
                entry.category(),
                entry.eligible() ? null : entry.reason());
    }
}
