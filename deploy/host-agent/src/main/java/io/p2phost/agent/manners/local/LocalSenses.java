package io.p2phost.agent.manners.local;

import io.p2phost.agent.Time;
import io.p2phost.agent.machine.Vitals;
import io.p2phost.agent.manners.Observed;
import io.p2phost.agent.manners.Preferences;
import io.p2phost.agent.manners.Senses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** This machine, as far as the owner's wishes need to see it: what nobody asked for is not looked at. */
public final class LocalSenses implements Senses {
    /** Asking NetworkManager starts a program. */
    private static final Duration METERED_EVERY = Duration.ofMinutes(1);

    private final Preferences preferences;
    private final Vitals vitals;
    private final Programs programs;
    private final Input input;
    private final MeteredLink meteredLink;
    private final Time time;
    private @Nullable Boolean metered;
    private @Nullable Long meteredAtNanos;

    public LocalSenses(Preferences preferences, Vitals vitals, Time time) {
        this(
                preferences,
                vitals,
                new Programs(Path.of("/proc")),
                new Input(Path.of("/proc/interrupts"), new SystemQuery(), time),
                new MeteredLink(new SystemQuery()),
                time);
    }

    LocalSenses(
            Preferences preferences,
            Vitals vitals,
            Programs programs,
            Input input,
            MeteredLink meteredLink,
            Time time) {
        this.preferences = preferences;
        this.vitals = vitals;
        this.programs = programs;
        this.input = input;
        this.meteredLink = meteredLink;
        this.time = time;
    }

    @Override
    public Observed look() {
        return new Observed(
                preferences.exclusivePrograms().isEmpty()
                        ? Set.of()
                        : programs.running(preferences.exclusivePrograms()),
                preferences.hostOnBattery() ? null : vitals.onBattery(),
                preferences.inputMinutes().isEmpty() ? null : input.since(),
                preferences.hostOnMetered() ? null : metered(),
                preferences.maxCelsius().isEmpty() ? OptionalDouble.empty() : vitals.celsius(),
                preferences.monthlyGigabytes().isEmpty() ? null : vitals.link().orElse(null));
    }

    private @Nullable Boolean metered() {
        long now = time.nanos();
        if (meteredAtNanos == null || now - meteredAtNanos >= METERED_EVERY.toNanos()) {
            metered = meteredLink.metered();
            meteredAtNanos = now;
        }
        return metered;
    }
}
