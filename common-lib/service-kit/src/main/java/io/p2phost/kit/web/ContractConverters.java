package io.p2phost.kit.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import org.springframework.format.FormatterRegistry;

/** Path and query values of our own types; their constructors say what is expected. */
final class ContractConverters {
    private ContractConverters() {}

    static void register(FormatterRegistry registry) {
        registry.addConverter(String.class, MapName.class, MapName::of);
        registry.addConverter(String.class, HostId.class, HostId::of);
    }
}
