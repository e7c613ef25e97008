package io.p2phost.agent.serving;

import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.machine.Load;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The player's load limits of {@code host_node.conf}: above one of them no further map starts. */
public final class NodeLimits implements Admission {
    private final HostNodeConf conf;
    private final Supplier<@Nullable Load> lastLoad;

    public NodeLimits(HostNodeConf conf, Supplier<@Nullable Load> lastLoad) {
        this.conf = conf;
        this.lastLoad = lastLoad;
    }

    @Override
    public Optional<String> objection() {
        Load load = lastLoad.get();
        return load == null
                ? Optional.empty()
                : above("cpu", load.cpuPercent(), conf.cpuLimit())
                        .or(() -> above("memory", load.memoryPercent(), conf.memoryLimit()))
                        .or(() -> above("network", load.networkPercent(), conf.networkLimit()));
    }

    private static Optional<String> above(String what, double percent, OptionalInt limit) {
        return limit.isPresent() && percent > limit.getAsInt()
                ? Optional.of(
                        what + " load is " + percent + " %, above this player's " + what + "_limit " + limit.getAsInt())
                : Optional.empty();
    }
}
