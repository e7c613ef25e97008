package io.p2phost.cli;

import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.cli.bundle.BundleBuild;
import io.p2phost.cli.bundle.BundleCheck;
import io.p2phost.cli.bundle.Layouts;
import io.p2phost.cli.bundle.Mode;
import io.p2phost.cli.bundle.Tree;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Text;
import io.p2phost.ro.layout.BuildLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                Objects.requireNonNull(spec).commandLine(),
                "a command is missing (expected: check, build, publish, list or rollback)");
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

        /** For those who get the program. */
        String sentence() {
            return "The source of map-server, under the GNU General Public License, "
                    + (archive == null ? "is " + answer() : "comes along in source/" + archive.getFileName()) + ".";
        }

        List<Path> archives() {
            return archive == null ? List.of() : List.of(archive);
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
        checkTree(dir);
        String licence = source == null ? null : source.answer();
        Mode game = mode == null ? builtFor(dir) : mode;
        List<String> names = maps == null
                ? eligible()
                : maps.stream().map(BundleCommand::map).distinct().toList();
        try {
            long start = System.nanoTime();
            BundleCheck check = BundleCheck.of(new Tree(dir), game, names);
            new BundleReport(session).print(check, licence, (System.nanoTime() - start) / 1_000_000);
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

    /** What {@code build} needs beside the tree. */
    static final class Build {
        @Option(names = "--as", paramLabel = "VERSION", required = true, description = "Its name: 2026-11-23.1.")
        private String version = "";

        @Option(
                names = "--layout",
                paramLabel = "NAME|FILE",
                required = true,
                description = "Layout of this tree's build, as deploy/rathena/layout/make-layout writes it.")
        private String layout = "";

        @Option(
                names = "--suite-layout",
                paramLabel = "NAME|FILE",
                defaultValue = BuildLayout.LINUX_20200401,
                description =
                        "Layout of the char-server's: db-proxy's p2p.db-proxy.layout (default: ${DEFAULT-VALUE}).")
        private String suiteLayout = "";

        @Option(
                names = "--accept",
                paramLabel = "MAP",
                split = ",",
                description = "Take this map though there are findings.")
        private List<String> accepted = List.of();

        @Option(
                names = "--lib",
                paramLabel = "FILE",
                split = ",",
                description = "Shared library that the map-server needs and hosts may lack.")
        private List<Path> libraries = List.of();
    }

    @Command(
            name = "build",
            mixinStandardHelpOptions = true,
            description = "Collect a bundle from an rAthena tree into a new folder.")
    void build(
            @Parameters(index = "0", paramLabel = "DIR", description = "The folder in which rAthena was built.")
                    Path dir,
            @Parameters(index = "1", paramLabel = "OUT", description = "The new folder.") Path out,
            @Option(
                            names = "--maps",
                            paramLabel = "MAP",
                            split = ",",
                            description = "These maps (default: the eligible ones, asked of the gateway).")
                    @Nullable
                    List<String> maps,
            @ArgGroup(exclusive = false, multiplicity = "1") Build build,
            @ArgGroup(exclusive = true, multiplicity = "1") Source source) {
        checkTree(dir);
        Mode mode = builtFor(dir);
        try {
            BuildLayout layout = Layouts.named(build.layout);
            Layouts.difference(layout, Layouts.named(build.suiteLayout)).ifPresent(difference -> {
                throw new CliFailure(
                        CliFailure.USAGE,
                        "layout: " + difference + ": the char-server could not read what this map-server saves");
            });
            BundleCheck check = BundleCheck.of(new Tree(dir), mode, names(maps));
            BundleReport report = new BundleReport(session);
            report.refuseSecrets(check);
            BundleBuild.Plan plan = new BundleBuild.Plan(
                    new BundleVersion(build.version),
                    layout.packetver(),
                    mode,
                    report.taken(
                            check,
                            build.accepted.stream().map(BundleCommand::map).toList()),
                    build.libraries,
                    source.sentence(),
                    source.archives());
            report.print(BundleBuild.into(out, new Tree(dir), plan), out);
        } catch (BundleException | IllegalArgumentException e) {
            throw new CliFailure(CliFailure.USAGE, String.valueOf(e.getMessage()), e);
        } catch (IOException | UncheckedIOException e) {
            throw new CliFailure(CliFailure.USAGE, "not built: " + e.getMessage(), e);
        }
    }

    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = "Send a bundle that was built and make it the one that hosts run. Goes on where it ended.")
    void publish(@Parameters(paramLabel = "DIR", description = "What bundle build wrote.") Path dir) {
        try {
            new BundleReport(session).print(session.call(gateway -> BundlePublish.of(dir, gateway, session)));
        } catch (BundleException e) {
            throw new CliFailure(CliFailure.USAGE, String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            throw new CliFailure(CliFailure.USAGE, "not published: " + e.getMessage(), e);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The versions that are kept.")
    void list() {
        session.list(
                "bundles",
                List.of(
                        "version",
                        "current",
                        "release",
                        "releasedAt",
                        "releasedBy",
                        "packetVersion",
                        "maps",
                        "files",
                        "bytes"));
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Release a version again that is kept, as a new release.")
    void rollback(
            @Parameters(paramLabel = "VERSION", description = "One of bundle list.") String version,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        session.confirm("Hosts fetch " + Printable.of(version) + " and start their next maps from it.", yes);
        session.show(session.call(gateway -> gateway.post("bundles/" + Gateway.encode(version) + ":rollback", null)));
    }

    private static void checkTree(Path dir) {
        if (!Files.isDirectory(dir.resolve("npc")) || !Files.isDirectory(dir.resolve("conf"))) {
            throw new CliFailure(CliFailure.USAGE, dir + ": no rAthena tree (expected: a folder with conf and npc)");
        }
    }

    private List<String> names(@Nullable List<String> maps) {
        return maps == null
                ? eligible()
                : maps.stream().map(BundleCommand::map).distinct().toList();
    }
}
