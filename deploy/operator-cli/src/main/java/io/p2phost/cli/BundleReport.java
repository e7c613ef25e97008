package io.p2phost.cli;

import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Sha256;
import io.p2phost.cli.bundle.BundleCheck;
import io.p2phost.cli.bundle.Finding;
import io.p2phost.cli.bundle.MapResult;
import io.p2phost.cli.bundle.Secret;
import io.p2phost.contracts.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@code p2p-control bundle} says, and what it refuses because of it. */
final class BundleReport {
    private final Session session;

    BundleReport(Session session) {
        this.session = session;
    }

    /** The whole check. */
    void print(BundleCheck check, @Nullable String licence, long millis) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("mode", check.mode());
        answer.put("scriptFiles", check.files());
        answer.put("shippedFiles", check.shippedFiles());
        answer.put("maps", check.maps().stream().map(BundleReport::view).toList());
        answer.put("secrets", check.secrets());
        answer.put("faults", check.faults());
        answer.put("battleSettings", check.battleSettings());
        answer.put("source", licence);
        answer.put("millis", millis);
        if (session.json()) {
            session.show(Json.mapper().valueToTree(answer));
            return;
        }
        Table.rows(
                session.out(),
                Json.mapper().valueToTree(answer.get("maps")),
                List.of("map", "npcs", "spawns", "warps", "scriptFiles", "findings"));
        check.maps().forEach(this::findings);
        lines("Faults of the tree:", check.faults());
        lines("Your own rates and rules, which come along:", check.battleSettings());
        lines(
                "Secrets in what would be shipped (a bundle with these is refused):",
                places(check.secrets().stream().filter(Secret::shipped).toList()));
        lines(
                "Secrets that stay here:",
                places(check.secrets().stream()
                        .filter(secret -> !secret.shipped())
                        .toList()));
        session.out().println();
        session.out()
                .println(
                        licence == null
                                ? "Licence: rAthena is under the GPL. Who gets the map-server may ask for its source:"
                                        + " say where it is (--source-offer URL or --source ARCHIVE)."
                                : "Licence: rAthena is under the GPL; its source: " + Printable.of(licence) + ".");
        session.out()
                .println(check.files() + " script files of " + check.mode() + " read in " + millis + " ms, "
                        + check.shippedFiles() + " files would be shipped.");
    }

    private static Map<String, Object> view(MapResult map) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("map", map.map());
        view.put("npcs", map.npcs());
        view.put("spawns", map.spawns());
        view.put("warps", map.warps());
        view.put("scriptFiles", map.scripts().size());
        view.put("findings", map.findings().size());
        view.put("scripts", map.scripts());
        view.put(
                "found",
                map.findings().stream()
                        .map(found -> Map.of(
                                "kind", found.kind(), "file", found.file(), "line", found.line(), "what", found.what()))
                        .toList());
        return view;
    }

    private void findings(MapResult map) {
        lines(map.map() + ":", map.findings().stream().map(BundleReport::line).toList());
    }

    private static String line(Finding found) {
        return found.file() + ":" + found.line() + ": "
                + found.kind().name().toLowerCase(Locale.ROOT).replace('_', '-') + ": " + found.what();
    }

    private static List<String> places(List<Secret> secrets) {
        return secrets.stream()
                .map(secret -> secret.file() + ":" + secret.line() + ": " + secret.what())
                .toList();
    }

    private void lines(String heading, List<String> lines) {
        if (!lines.isEmpty()) {
            session.out().println();
            session.out().println(Printable.of(heading));
            lines.forEach(line -> session.out().println("  " + Printable.of(line)));
        }
    }

    /** What stands in files that would be shipped is refused whatever is accepted. */
    void refuseSecrets(BundleCheck check) {
        List<Secret> shipped = check.secrets().stream().filter(Secret::shipped).toList();
        if (!shipped.isEmpty()) {
            throw new CliFailure(
                    CliFailure.USAGE,
                    "secrets in what would be shipped:\n  "
                            + String.join(
                                    "\n  ",
                                    places(shipped).stream().map(Printable::of).toList()));
        }
    }

    /** The maps without findings, and those whose findings the operator accepted. */
    SortedMap<String, List<String>> taken(BundleCheck check, List<String> accepted) {
        SortedMap<String, List<String>> taken = new TreeMap<>();
        for (MapResult map : check.maps()) {
            if (map.findings().isEmpty() || accepted.contains(map.map())) {
                taken.put(map.map(), map.scripts());
            } else if (!session.json()) {
                session.out()
                        .println(map.map() + ": left out, " + map.findings().size()
                                + " findings (see bundle check; --accept " + map.map() + " takes it)");
            }
        }
        if (taken.isEmpty()) {
            throw new CliFailure(CliFailure.USAGE, "no map is left (expected: a map without findings, or --accept)");
        }
        return taken;
    }

    /** A bundle that was published. */
    void print(BundlePublish published) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sentChunks", published.chunks());
        answer.put("sentBytes", published.bytes());
        answer.put("released", published.released());
        session.show(Json.mapper().valueToTree(answer));
    }

    /** A bundle that was built. */
    void print(Manifest manifest, Path folder) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("folder", folder.toString());
        answer.put("version", manifest.version());
        answer.put("packetVersion", manifest.packetVersion());
        answer.put("maps", manifest.maps().keySet());
        answer.put("files", manifest.files().size());
        answer.put("bytes", manifest.totalBytes());
        answer.put("chunks", manifest.chunks().size());
        answer.put("manifestSha256", Sha256.of(manifest.bytes()));
        session.show(Json.mapper().valueToTree(answer));
    }
}
