package io.p2phost.agent.manners.local;

import io.p2phost.agent.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When a key or the mouse was last touched: interrupts of a built-in keyboard or touchpad (i8042), and what logind says of
 * the seat. A USB keyboard shares its interrupts with disks and cards, so it is seen through logind only, which knows of
 * it only where the desktop tells it.
 */
class Input {
    private final Path interrupts;
    private final SystemQuery system;
    private final Time time;
    private @Nullable Long lastCount;
    private @Nullable Instant countMovedAt;
    private boolean deskTells;

    Input(Path interrupts, SystemQuery system, Time time) {
        this.interrupts = interrupts;
        this.system = system;
        this.time = time;
    }

    /** How long ago; null where nothing here shows it. */
    @Nullable
    Duration since() {
        Duration byKeys = sinceInterrupt();
        Duration bySeat = sinceSeatWasBusy();
        if (byKeys == null || bySeat == null) {
            return byKeys == null ? bySeat : byKeys;
        }
        return byKeys.compareTo(bySeat) < 0 ? byKeys : bySeat;
    }

    private @Nullable Duration sinceInterrupt() {
        OptionalLong count = count();
        if (count.isEmpty()) {
            return null;
        }
        Instant now = time.instant();
        // The first look cannot tell: the owner gets the benefit, he has just started the agent.
        if (countMovedAt == null || lastCount == null || lastCount != count.getAsLong()) {
            countMovedAt = now;
        }
        lastCount = count.getAsLong();
        return notNegative(Duration.between(countMovedAt, now));
    }

    private OptionalLong count() {
        try {
            List<String> lines = Files.readAllLines(interrupts).stream()
                    .filter(line -> line.contains("i8042"))
                    .toList();
            return lines.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(lines.stream().mapToLong(Input::sum).sum());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** One number per processor after the interrupt's own. */
    private static long sum(String line) {
        long sum = 0;
        for (String word : line.substring(line.indexOf(':') + 1).strip().split("\\s+")) {
            if (!word.matches("[0-9]{1,18}")) {
                break;
            }
            sum += Long.parseLong(word);
        }
        return sum;
    }

    private @Nullable Duration sinceSeatWasBusy() {
        Optional<String> answer = system.ask(
                List.of("loginctl", "show-seat", "seat0", "--property=IdleHint", "--property=IdleSinceHint"));
        if (answer.isEmpty()) {
            return null;
        }
        boolean idle = false;
        long sinceMicros = 0;
        for (String line : answer.get().lines().toList()) {
            if (line.equals("IdleHint=yes")) {
                idle = true;
            } else if (line.matches("IdleSinceHint=[0-9]{1,18}")) {
                sinceMicros = Long.parseLong(line.substring(line.indexOf('=') + 1));
            }
        }
        // A desktop that never speaks of idleness would look busy for ever.
        deskTells |= sinceMicros > 0;
        if (!deskTells) {
            return null;
        }
        return idle
                ? notNegative(Duration.between(Instant.ofEpochMilli(sinceMicros / 1000), time.instant()))
                : Duration.ZERO;
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
