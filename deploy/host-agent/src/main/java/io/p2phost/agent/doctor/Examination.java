package io.p2phost.agent.doctor;

import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.doctor.Finding.Verdict;
import io.p2phost.agent.gateway.Messages.Requirements;
import io.p2phost.agent.gateway.Messages.TierRequirement;
import io.p2phost.agent.machine.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What was found, and what follows.
 *
 * @param tier up to which this machine may host maps; empty: it may not host, or nobody could tell
 */
public record Examination(List<Finding> findings, OptionalInt tier) {
    /** A token is asked for with the machine's clock corrected by the server's; beyond this a certificate looks expired. */
    private static final Duration CLOCK_OFF = Duration.ofSeconds(30);

    private static final long GIGABYTE = 1_000_000_000L;

    /** A bundle, its cells' folders and logs. */
    private static final long DISK_BYTES = 2 * GIGABYTE;

    /**
     * What was seen of the machine.
     *
     * @param server how long the server took to answer; null when it did not
     * @param silence why it did not
     * @param clockOff how far the clock is from the server's; null when it did not answer
     * @param freeBytes of the disk that the home is on
     * @param missingLibraries of those a map-server needs and few machines have
     * @param staysAwake whether the desktop can be asked not to fall asleep; null: the owner does not want it
     */
    public record Seen(
            Capability capability,
            Confinement confinement,
            @Nullable Duration server,
            String silence,
            @Nullable Duration clockOff,
            long freeBytes,
            List<String> missingLibraries,
            @Nullable Boolean onBattery,
            @Nullable Boolean staysAwake) {}

    public Examination {
        findings = List.copyOf(findings);
    }

    /**
     * Judges what was seen.
     *
     * @param requirements null when the server did not tell them
     */
    public static Examination of(Seen seen, @Nullable Requirements requirements) {
        List<Finding> findings = new ArrayList<>();
        findings.add(server(seen));
        OptionalInt tier = requirements == null ? OptionalInt.empty() : tier(seen.capability(), requirements);
        capability(findings, seen.capability(), requirements == null ? null : asked(requirements, tier));
        findings.add(clock(seen));
        findings.add(disk(seen));
        findings.add(battery(seen));
        findings.add(sleep(seen));
        findings.add(libraries(seen));
        confinement(findings, seen.confinement());
        return new Examination(findings, tier);
    }

    public boolean eligible() {
        return tier.isPresent() && findings.stream().noneMatch(finding -> finding.verdict() == Verdict.NOT_MET);
    }

    private static OptionalInt tier(Capability machine, Requirements requirements) {
        return requirements.tiers().stream()
                .filter(tier -> machine.cpuGhz() >= tier.cpuGhz()
                        && machine.cpuCores() >= tier.cpuCores()
                        && machine.ramGb() >= tier.ramGb()
                        && machine.networkMbps() >= tier.networkMbps())
                .mapToInt(TierRequirement::tier)
                .max();
    }

    /** The tier that it has, else the lowest: what is missing for that keeps it out. */
    private static TierRequirement asked(Requirements requirements, OptionalInt tier) {
        return requirements.tiers().stream()
                .filter(each -> tier.isEmpty() || each.tier() == tier.getAsInt())
                .min(Comparator.comparingInt(TierRequirement::tier))
                .orElseThrow();
    }

    private static Finding server(Seen seen) {
        Duration took = seen.server();
        return took == null
                ? new Finding(
                        "server",
                        Verdict.NOT_MET,
                        seen.silence(),
                        "",
                        "check the address, and that programs may open connections to it")
                : new Finding("server", Verdict.MET, "answers in " + took.toMillis() + " ms", "", "");
    }

    private static void capability(List<Finding> findings, Capability machine, @Nullable TierRequirement asked) {
        findings.add(compare("processor", machine.cpuGhz(), asked == null ? null : asked.cpuGhz(), "GHz"));
        findings.add(compare("cores", machine.cpuCores(), asked == null ? null : (double) asked.cpuCores(), ""));
        findings.add(compare("memory", machine.ramGb(), asked == null ? null : asked.ramGb(), "GB"));
        Finding network =
                compare("network", machine.networkMbps(), asked == null ? null : asked.networkMbps(), "Mbit/s");
        boolean untold = machine.networkMbps() == 0;
        findings.add(
                untold
                        ? new Finding(
                                "network",
                                network.verdict(),
                                "the driver does not tell the link's speed",
                                network.required(),
                                network.verdict() == Verdict.NOT_MET ? "use a cable, or another adapter" : "")
                        : network);
    }

    private static Finding compare(String what, double found, @Nullable Double asked, String unit) {
        if (asked == null) {
            return new Finding(what, Verdict.UNKNOWN, amount(found, unit), "", "");
        }
        boolean enough = found >= asked;
        return new Finding(
                what,
                enough ? Verdict.MET : Verdict.NOT_MET,
                amount(found, unit),
                "at least " + amount(asked, unit),
                enough ? "" : "this machine has too little");
    }

    private static String amount(double number, String unit) {
        String text =
                number == Math.rint(number) ? Long.toString((long) number) : String.format(Locale.ROOT, "%.1f", number);
        return unit.isEmpty() ? text : text + " " + unit;
    }

    private static Finding clock(Seen seen) {
        Duration off = seen.clockOff();
        if (off == null) {
            return new Finding("clock", Verdict.UNKNOWN, "cannot be compared", "", "");
        }
        boolean right = off.abs().compareTo(CLOCK_OFF) <= 0;
        return new Finding(
                "clock",
                right ? Verdict.MET : Verdict.WORSE,
                off.abs().toSeconds() + " s " + (off.isNegative() ? "behind" : "ahead of") + " the server's",
                "at most " + CLOCK_OFF.toSeconds() + " s off",
                right ? "" : "let the system set its clock by the network");
    }

    private static Finding disk(Seen seen) {
        boolean enough = seen.freeBytes() >= DISK_BYTES;
        return new Finding(
                "disk",
                enough ? Verdict.MET : Verdict.WORSE,
                amount(Math.floor(seen.freeBytes() * 10.0 / GIGABYTE) / 10, "GB") + " free",
                "at least " + amount(DISK_BYTES / (double) GIGABYTE, "GB"),
                enough ? "" : "a bundle and its logs may not fit: free some space");
    }

    private static Finding battery(Seen seen) {
        Boolean onBattery = seen.onBattery();
        if (onBattery == null) {
            return new Finding("power", Verdict.MET, "no battery", "", "");
        }
        return onBattery
                ? new Finding(
                        "power",
                        Verdict.WORSE,
                        "on its battery",
                        "",
                        "nothing is hosted on a battery unless manners.conf says host_on_battery: true")
                : new Finding("power", Verdict.MET, "on the mains", "", "");
    }

    private static Finding sleep(Seen seen) {
        Boolean staysAwake = seen.staysAwake();
        if (staysAwake == null) {
            return new Finding("sleep", Verdict.MET, "falls asleep when it likes: keep_awake is false", "", "");
        }
        return staysAwake
                ? new Finding("sleep", Verdict.MET, "stays awake while players are here", "", "")
                : new Finding(
                        "sleep",
                        Verdict.WORSE,
                        "the desktop cannot be asked to stay awake while players are here (no systemd-logind)",
                        "",
                        "if it falls asleep by itself, turn that off for the hours in which it hosts");
    }

    private static Finding libraries(Seen seen) {
        return seen.missingLibraries().isEmpty()
                ? new Finding("libraries", Verdict.MET, "all there", "", "")
                : new Finding(
                        "libraries",
                        Verdict.WORSE,
                        "missing: " + String.join(", ", seen.missingLibraries()),
                        "",
                        "a map-server does not start without them, unless its bundle brings them; see LIBS.md");
    }

    private static void confinement(List<Finding> findings, Confinement confinement) {
        for (String note : confinement.describe()) {
            int colon = note.indexOf(':');
            boolean none = note.startsWith("NONE", colon + 2);
            findings.add(new Finding(
                    note.substring(0, colon),
                    none ? Verdict.WORSE : Verdict.MET,
                    note.substring(colon + 2),
                    "",
                    none ? "see LIBS.md for what to install" : ""));
        }
    }
}
