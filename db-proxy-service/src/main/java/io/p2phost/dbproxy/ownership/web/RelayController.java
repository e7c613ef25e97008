package io.p2phost.dbproxy.ownership.web;

import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.relays.LiveRelays;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A relay says that it is alive and gets every owner in effect: what a lost push did not tell it, this does. */
@RestController
@AllowInternal(ServiceName.RELAY)
class RelayController {
    private static final int MAX_PORT = 65_535;

    private final LiveRelays relays;
    private final MapOwners owners;

    RelayController(LiveRelays relays, MapOwners owners) {
        this.relays = relays;
        this.owners = owners;
    }

    @PutMapping("/internal/v1/relays/{relayId}")
    Owners announce(@PathVariable String relayId, @RequestBody Announcement body) {
        LiveRelays.Relay relay = new LiveRelays.Relay(
                required("relayId", relayId),
                required("region", body.region),
                required("host", body.host),
                port(body.port),
                required("apiUrl", body.apiUrl));
        if (!relays.seen(relay)) {
            throw new ProblemException(ProblemType.TOO_MANY_REQUESTS, "relays: too many (expected: at most 1000)");
        }
        return new Owners(owners.all());
    }

    private static String required(String name, @Nullable String value) {
        if (value == null || value.isBlank() || value.length() > 200) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    name + ": " + (value == null ? "missing" : Text.quote(value)) + " (expected: 1 to 200 characters)");
        }
        return value;
    }

    /** A relay of the release before does not say it. */
    private static int port(@Nullable Integer value) {
        if (value == null) {
            return 0;
        }
        if (value < 0 || value > MAX_PORT) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "port: " + value + " (expected: 0 to " + MAX_PORT + ")");
        }
        return value;
    }

    record Announcement(
            @Nullable String region,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String apiUrl) {}

    record Owners(List<MapOwner> owners) {}
}
