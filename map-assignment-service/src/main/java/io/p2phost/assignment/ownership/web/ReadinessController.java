package io.p2phost.assignment.ownership.web;

import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A relay passes on what a host said about a map it was given. */
@RestController
class ReadinessController {
    private static final Logger log = LoggerFactory.getLogger(ReadinessController.class);

    private final MapStates states;
    private final ReadySignal signal;

    ReadinessController(MapStates states, ReadySignal signal) {
        this.states = states;
        this.signal = signal;
    }

    @PostMapping("/internal/v1/readiness")
    @AllowInternal(ServiceName.RELAY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void readiness(@RequestBody Readiness body) {
        MapName map = required("map", body.map);
        HostId host = required("hostId", body.hostId);
        Epoch epoch = required("epoch", body.epoch);
        boolean ready = required("ready", body.ready);
        if (!ready) {
            log.warn("{}: {} cannot serve epoch {}: {}", map, host, epoch, body.detail);
        }
        states.readiness(map, epoch, ready);
        signal.raise();
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new ProblemException(ProblemType.INVALID_VALUE, name + ": missing (expected: a value)");
        }
        return value;
    }

    record Readiness(
            @Nullable String relayId,
            @Nullable HostId hostId,
            @Nullable MapName map,
            @Nullable Epoch epoch,
            @Nullable Boolean ready,
            @Nullable String detail) {}
}
