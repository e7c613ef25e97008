package io.p2phost.assignment.entry;

import io.p2phost.assignment.bundle.ReleasedMaps;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.config.EffectiveSetting;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.ownership.Arbiter;
import io.p2phost.assignment.ownership.HomeSwitch;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.selection.Candidate;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.PickRequest;
import io.p2phost.assignment.standby.Connected;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Answers "why is nobody hosting this map?" and "why this one?". */
public final class Explainer {
    static final int MAX_CANDIDATES = 100;

    private final OperatorConfig config;
    private final Catalogues catalogues;
    private final ReleasedMaps released;
    private final MapStates states;
    private final HostIndex index;
    private final HomeSwitch homeSwitch;
    private final VpsRegistry vps;
    private final Arbiter arbiter;
    private final Standbys standbys;
    private final Connected connected;
    private final ProtectedPlayers protectedPlayers;
    private final InstantSource clock;

    public Explainer(
            OperatorConfig config,
            Catalogues catalogues,
            ReleasedMaps released,
            MapStates states,
            HostIndex index,
            HomeSwitch homeSwitch,
            VpsRegistry vps,
            Arbiter arbiter,
            Standbys standbys,
            Connected connected,
            ProtectedPlayers protectedPlayers,
            InstantSource clock) {
        this.config = config;
        this.catalogues = catalogues;
        this.released = released;
        this.states = states;
        this.index = index;
        this.homeSwitch = homeSwitch;
        this.vps = vps;
        this.arbiter = arbiter;
        this.standbys = standbys;
        this.connected = connected;
        this.protectedPlayers = protectedPlayers;
        this.clock = clock;
    }

    /** Explains a map for a player of that region; empty when there is no such map. */
    public Optional<Explanation> explain(MapName map, @Nullable String region) {
        return catalogues.find(map).map(entry -> explain(entry, region));
    }

    private Explanation explain(MapEntry entry, @Nullable String region) {
        MapState state = states.find(entry.map()).orElseGet(() -> MapState.unowned(entry.map()));
        List<Explanation.Gate> gates = gates(entry, state);
        List<Candidate> candidates =
                entry.eligible() ? index.explain(PickRequest.of(entry.minTier(), region), MAX_CANDIDATES) : List.of();
        OptionalInt unreadable = protectedPlayers.on(entry.map());
        return new Explanation(
                entry.map(),
                entry,
                state.epoch(),
                state.owner(),
                state.ready(),
                standbys.find(entry.map()).map(connected::view).orElse(null),
                unreadable.isPresent() ? unreadable.getAsInt() : null,
                summary(state, gates, candidates) + whoStays(unreadable.orElse(0)),
                gates,
                candidates);
    }

    private List<Explanation.Gate> gates(MapEntry entry, MapState state) {
        List<Explanation.Gate> gates = new ArrayList<>();
        gates.add(new Explanation.Gate("eligible", entry.eligible(), entry.reason()));
        boolean runnable = released.has(entry.map());
        gates.add(new Explanation.Gate(
                "in-bundle",
                runnable,
                runnable
                        ? "hosts can run it"
                        : "the released bundle has not got it (p2p-control bundle check says what keeps a map out)"));
        gates.add(new Explanation.Gate("enabled", config.current().config().enabled(), enabledDetail()));
        boolean home = homeSwitch.on();
        gates.add(new Explanation.Gate(
                "not-called-home",
                !home,
                home ? "every map was called home; reset-network lets them go again" : "nothing was called home"));
        Instant now = clock.instant();
        boolean held = state.heldAt(now);
        gates.add(new Explanation.Gate(
                "not-held", !held, held ? "an operator put it on the VPS until " + state.heldUntil() : "not held"));
        boolean arbiterAnswers = arbiter.reachable();
        gates.add(new Explanation.Gate(
                "arbiter", arbiterAnswers, arbiterAnswers ? "db-proxy answers" : "db-proxy did not answer lately"));
        boolean fallback = (entry.eligible() ? vps.reserve() : vps.core()).isPresent();
        gates.add(new Explanation.Gate(
                "vps", fallback, fallback ? "a VPS can serve it" : "no VPS is registered that could serve it"));
        return gates;
    }

    private String enabledDetail() {
        return config.current().config().settings().stream()
                .filter(setting -> setting.name().equals("enable"))
                .findFirst()
                .map(EffectiveSetting::source)
                .orElse("default");
    }

    /** They are why a map that a host has keeps some players on the VPS. */
    static String whoStays(int unreadable) {
        return unreadable == 0
                ? ""
                : "; " + unreadable + (unreadable == 1 ? " player is" : " players are")
                        + " on the VPS's copy whoever hosts it: a client protector encrypts their streams, and only the VPS"
                        + " reads them";
    }

    private static String summary(MapState state, List<Explanation.Gate> gates, List<Candidate> candidates) {
        if (state.hostOwned()) {
            return state.owner() + " has it since epoch " + state.epoch()
                    + (state.ready() ? " and is ready" : ", but is not ready yet");
        }
        Optional<Explanation.Gate> closed =
                gates.stream().filter(gate -> !gate.passed()).findFirst();
        if (closed.isPresent()) {
            return "nobody hosts it: " + closed.get().name() + ": "
                    + closed.get().detail();
        }
        if (candidates.isEmpty()) {
            return "nobody hosts it: no host is known";
        }
        return candidates.getFirst().score() == null
                ? "nobody hosts it: none of " + candidates.size() + " hosts passes the gates"
                : "nobody hosts it yet: host " + candidates.getFirst().hostId()
                        + " is the best for the next player who enters";
    }
}
