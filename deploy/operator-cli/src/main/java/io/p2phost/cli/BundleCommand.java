package io.p2phost.cli;

import io.p2phost.cli.bundle.BundleCheck;
import io.p2phost.cli.bundle.Finding;
import io.p2phost.cli.bundle.MapResult;
import io.p2phost.cli.bundle.Mode;
import io.p2phost.cli.bundle.Secret;
import io.p2phost.cli.bundle.Tree;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control bundle}: what hosts run maps from. */
@Command(name = "bundle", mixinStandardHelpOptions = true, description = "What hosts run maps from.")
final class BundleCommand implements Runnable {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    BundleCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "a command is missing (expected: check)");
    }

    /** Where the source of the GPL program is that hosts get. */
    static final class Source {
        @Option(names = "--source-offer", paramLabel = "URL", required = true, description = "Where it is offered.")
        private @Nullable String offer;

        @Option(names = "--source", paramLabel = "ARCHIVE", required = true, description = "The archive itself.")
        private @Nullable Path archive;

        /** In one line. */
        String answer() {
            return archive == null ? "offered at " + checkedOffer() : archive + ", " + size(archive) + " bytes";
        }

        private String checkedOffer() {
            try {
                URI uri = new URI(String.valueOf(offer));
                if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
                    return uri.toString();
                }
            } catch (URISyntaxException e) {
                // Said below.
            }
            throw new CliFailure(
                    CliFailure.USAGE,
                    "--source-offer: " + Text.quote(String.valueOf(offer)) + " (expected: http(s)://…)");
        }

        private static long size(Path archive) {
            try {
                if (Files.isRegularFile(archive) && Files.size(archive) > 0) {
                    return Files.size(archive);
                }
            } catch (IOException e) {
                // Said below.
            }
            throw new CliFailure(CliFailure.USAGE, "--source: " + archive + " (expected: a file with the source)");
        }
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "What of an rAthena tree a host could run, and what not. Reads only.")
    void check(
            @Parameters(paramLabel = "DIR", description = "The folder in which rAthena was built and runs.") Path dir,
            @Option(
                            names = "--maps",
                            paramLabel = "MAP",
                            split = ",",
                            description = "These maps (default: the eligible ones, asked of the gateway).")
                    @Nullable
                    List<String> maps,
            @Option(
                            names = "--mode",
                            paramLabel = "renewal|pre_renewal",
                            description = "The game (default: what DIR/map-server was built for).")
                    @Nullable
                    Mode mode,
            @ArgGroup(exclusive = true, multiplicity = "0..1") @Nullable Source source) {
        if (!Files.isDirectory(dir.resolve("npc")) || !Files.isDirectory(dir.resolve("conf"))) {
            throw new CliFailure(CliFailure.USAGE, dir + ": no rAthena tree (expected: a folder with conf and npc)");
        }
        String licence = source == null ? null : source.answer();
        Mode game = mode == null ? builtFor(dir) : mode;
        List<String> names = maps == null
                ? eligible()
                : maps.stream().map(BundleCommand::map).distinct().toList();
        try {
            long start = System.nanoTime();
            BundleCheck check = BundleCheck.of(new Tree(dir), game, names);
            report(check, licence, (System.nanoTime() - start) / 1_000_000);
        } catch (UncheckedIOException e) {
            throw new CliFailure(CliFailure.USAGE, dir + ": " + e.getMessage(), e);
        }
    }

    private static Mode builtFor(Path dir) {
        return Mode.of(dir.resolve("map-server"))
                .orElseThrow(() -> new CliFailure(
                        CliFailure.USAGE,
                        dir.resolve("map-server") + " is missing or no map-server (expected: a built one, or --mode)"));
    }

    private static String map(String name) {
        try {
            return MapName.of(name.strip()).value();
        } catch (IllegalArgumentException e) {
            throw new CliFailure(CliFailure.USAGE, "--maps: " + e.getMessage(), e);
        }
    }

    private List<String> eligible() {
        List<String> names = new ArrayList<>();
        for (JsonNode map : session.call(gateway -> gateway.all("maps"))) {
            if (map.path("eligibility").asString("").equals("ELIGIBLE")) {
                names.add(map.path("map").asString(""));
            }
        }
        return names;
    }

    private void report(BundleCheck check, @Nullable String licence, long millis) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("mode", check.mode());
        answer.put("scriptFiles", check.files());
        answer.put("shippedFiles", check.shippedFiles());
        answer.put("maps", check.maps().stream().map(BundleCommand::view).toList());
        answer.put("secrets", check.secrets());
        answer.put("faults", check.faults());
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
        lines(map.map() + ":", map.findings().stream().map(BundleCommand::line).toList());
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
}
