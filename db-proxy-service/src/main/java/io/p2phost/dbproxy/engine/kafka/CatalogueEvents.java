package io.p2phost.dbproxy.engine.kafka;

import io.p2phost.contracts.event.MapCatalogueEntry;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.engine.Catalogue;
import io.p2phost.kit.consume.EventSubscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CatalogueEvents {
    private static final Logger log = LoggerFactory.getLogger(CatalogueEvents.class);

    @Bean
    EventSubscription<MapCatalogueEntry> mapCatalogue(Catalogue catalogue) {
        return EventSubscription.broadcast("map-catalogue", Topics.MAP_CATALOGUE, MapCatalogueEntry.class, event -> {
            MapCatalogueEntry entry = event.data();
            if (!catalogue.entry(entry.map(), entry.eligible() && entry.map().announceable())) {
                log.warn("{}: not announced (expected: at most 2000 eligible maps)", entry.map());
            }
        });
    }
}
