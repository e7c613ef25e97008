package io.p2phost.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host's download of a bundle over a line of a rate, from the small form's gateway, beside curl from nginx over the same
 * line, which takes the same bytes as one file and compares nothing: all of it, the rest after a break in the middle, and
 * a second version of which a twentieth is new.
 */
final class BundleBench implements Bench {
    private static final int MEGABITS = 100;
    private static final int GATEWAY = 8_080;
    private static final int NGINX = 8_090;
    private static final String RIVAL = "curl from nginx, one file";

    /** Most of the bytes in whole pieces; and a tree as it is in stock, of which most files are smaller than a piece. */
    private static final List<MadeBundle> BUNDLES =
            List.of(new MadeBundle("tree", 1_500, 40_000), new MadeBundle("large", 24, 8 * 1024 * 1024));

    /** What one of the two took; bytes are those that had to come. */
    private record Fetched(int round, boolean ours, String what, long bytes, double seconds)
            implements Rounds.Measured {
        double megabytesPerSecond() {
            return bytes / 1e6 / seconds;
        }

        @Override
        public Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("who", ours ? "ours" : "rival");
            figures.put("what", what);
            figures.put("bytes", bytes);
            figures.put("seconds", seconds);
            figures.put("megabytesPerSecond", megabytesPerSecond());
            return figures;
        }
    }

    @Override
    public String name() {
        return "bundle";
    }

    @Override
    public String what() {
        return "a host's download of a bundle over a line of " + MEGABITS + " Mbit/s, beside " + RIVAL
                + " (Linux, root)";
    }

    @Override
    public int usualRounds() {
        return 3;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        if (!Nginx.canServeFiles() || Haproxy.find("curl").isEmpty()) {
            throw new IOException("bundle: nginx or curl is missing (Debian: nginx, curl)");
        }
        Path work = Files.createTempDirectory("p2p-bundle-");
        List<Fetched> all = new ArrayList<>();
        try (ShapedLine line = ShapedLine.open(MEGABITS)) {
            Suite suite = new Suite(dist, work, line);
            Process nginx = null;
            try {
                suite.up();
                nginx = Nginx.files(line::atServer, work, ShapedLine.SERVER, NGINX);
                for (MadeBundle bundle : BUNDLES) {
                    for (int version = 1; version <= 2; version++) {
                        Path folder = work.resolve(bundle.version(version));
                        bundle.write(folder, version, file(work, bundle, version));
                        suite.control("bundle", "publish", folder.toString());
                    }
                }
                for (int round = 1; round <= rounds; round++) {
                    for (MadeBundle bundle : BUNDLES) {
                        all.addAll(new Round(round, bundle, suite, work, line).run());
                    }
                }
            } finally {
                if (nginx != null) {
                    nginx.destroyForcibly().onExit().join();
                }
                suite.down();
            }
        } catch (IOException e) {
            throw new IOException(e.getMessage() + " (logs are kept in " + work + ")", e);
        }
        StartupBench.delete(work);
        for (MadeBundle bundle : BUNDLES) {
            for (String what : List.of("cold", "resumed")) {
                System.out.println(
                        outcome("-" + bundle.name() + "-" + what, all, rounds).line());
            }
            System.out.println(
                    seconds("-" + bundle.name() + "-changed", all, rounds).line());
        }
        Outcome last = outcome("-large-cold", all, rounds);
        return new Outcome(
                name(),
                last.ours(),
                last.rival(),
                RIVAL,
                last.unit(),
                rounds,
                last.summary(),
                all.stream().map(Fetched::figures).toList());
    }

    private static Outcome outcome(String what, List<Fetched> all, int rounds) {
        return of(what, all, rounds).outcome("bundle" + what, Fetched::megabytesPerSecond, "MB/s");
    }

    private static Outcome seconds(String what, List<Fetched> all, int rounds) {
        return of(what, all, rounds).outcome("bundle" + what, Fetched::seconds, "s");
    }

    private static Rounds<Fetched> of(String what, List<Fetched> all, int rounds) {
        return new Rounds<>(
                RIVAL,
                rounds,
                all.stream().filter(each -> what.equals("-" + each.what())).toList());
    }

    private static Path file(Path work, MadeBundle bundle, int version) {
        return work.resolve(bundle.version(version) + ".all");
    }

    /** The small form at the server's end, to which nothing leads but the line. */
    private record Suite(Path dist, Path work, ShapedLine line) {
        private Path home() {
            return work.resolve("home");
        }

        Path key() {
            return home().resolve("admin-api-key");
        }

        void up() throws IOException, InterruptedException {
            List<String> command =
                    new ArrayList<>(List.of("env", "P2P_BIND_ADDRESS=0.0.0.0", "P2P_GATEWAY_ALLOW_PLAIN_HTTP=true"));
            command.addAll(p2p("up", "--detach"));
            ShapedLine.run(line.atServer(command));
        }

        void down() throws IOException, InterruptedException {
            ShapedLine.run(line.atServer(p2p("down")));
        }

        private List<String> p2p(String... words) {
            List<String> command = new ArrayList<>(List.of(dist.resolve("p2p").toString()));
            command.addAll(List.of(words));
            command.addAll(List.of("--home", home().toString()));
            return command;
        }

        void control(String... words) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(
                    dist.resolve("bin/p2p-control").toString(),
                    "--gateway",
                    "http://127.0.0.1:" + GATEWAY,
                    "--key-file",
                    key().toString()));
            command.addAll(List.of(words));
            ShapedLine.run(line.atServer(command));
        }
    }

    /** One bundle, ours and the rival by turns. */
    private record Round(int number, MadeBundle bundle, Suite suite, Path work, ShapedLine line) {
        List<Fetched> run() throws IOException, InterruptedException {
            List<Fetched> all = new ArrayList<>();
            suite.control("bundle", "rollback", bundle.version(1), "--yes");
            Path cold = Files.createTempDirectory(work, "cold-");
            long bytes = Files.size(file(work, bundle, 1));
            all.add(said(true, "cold", bytes, ours(cold, null)));
            all.add(curl("cold", bytes, file(work, bundle, 1), null));
            // Ended in the middle of it, as far as time goes.
            double half = all.getLast().seconds() / 2;
            Path broken = Files.createTempDirectory(work, "broken-");
            ours(broken, half);
            long here = bytes(broken.resolve("chunks"));
            all.add(said(true, "resumed", bytes - here, ours(broken, null)));
            all.add(curl("resumed", bytes, file(work, bundle, 1), half));
            suite.control("bundle", "rollback", bundle.version(2), "--yes");
            all.add(said(true, "changed", bytes / 20, ours(cold, null)));
            all.add(curl("changed", bytes, file(work, bundle, 2), null));
            StartupBench.delete(cold);
            StartupBench.delete(broken);
            return all;
        }

        private Fetched said(boolean ours, String what, long bytes, double seconds) {
            Fetched fetched = new Fetched(number, ours, bundle.name() + "-" + what, bytes, seconds);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-5s  %-13s  %6.1f MB in %6.2f s, %6.2f MB/s%n",
                    number,
                    ours ? "ours" : "rival",
                    fetched.what(),
                    bytes / 1e6,
                    seconds,
                    fetched.megabytesPerSecond());
            return fetched;
        }

        /** A process with the agent's options; the seconds until the bundle was whole, or, killed before, nothing of worth. */
        private double ours(Path folder, @Nullable Double killedAfter) throws IOException, InterruptedException {
            Process host = new ProcessBuilder(line.atPlayer(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-Xmx128m",
                            "-cp",
                            suite.dist().resolve("demo") + "/*" + File.pathSeparator
                                    + suite.dist().resolve("agent") + "/*",
                            "io.p2phost.demo.DownloadMain",
                            "http://" + ShapedLine.SERVER + ":" + GATEWAY,
                            suite.key().toString(),
                            work.resolve("host").toString(),
                            folder.toString())))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
                expect("ready", out.readLine());
                host.getOutputStream().write('\n');
                host.getOutputStream().flush();
                if (killedAfter != null) {
                    if (host.waitFor(Math.round(killedAfter * 1e9), TimeUnit.NANOSECONDS)) {
                        throw new IOException("the bundle was there before the break");
                    }
                    return killedAfter;
                }
                String seconds = out.readLine();
                if (seconds == null || !seconds.matches("[0-9.]+")) {
                    throw new IOException("the download said: " + seconds);
                }
                return Double.parseDouble(seconds);
            } finally {
                host.destroyForcibly().onExit().join();
            }
        }

        private static void expect(String wanted, @Nullable String said) throws IOException {
            if (!wanted.equals(said)) {
                throw new IOException("the download said: " + said + " (expected: " + wanted + ")");
            }
        }

        /** All of it, or, when it is ended after some seconds first, the rest. */
        private Fetched curl(String what, long bytes, Path file, @Nullable Double endedAfter)
                throws IOException, InterruptedException {
            Path into = work.resolve("curl.out");
            Files.deleteIfExists(into);
            if (endedAfter != null) {
                Process first = curl(file, into, List.of("--max-time", String.format(Locale.ROOT, "%.2f", endedAfter)));
                if (!first.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS)) {
                    first.destroyForcibly();
                }
            }
            long here = Files.exists(into) ? Files.size(into) : 0;
            Process rest = curl(file, into, List.of("--continue-at", "-"));
            String seconds = new String(rest.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (rest.waitFor() != 0 || Files.mismatch(file, into) != -1) {
                throw new IOException("curl ended with " + rest.exitValue() + ": " + seconds);
            }
            return said(false, what, bytes - here, Double.parseDouble(seconds));
        }

        private Process curl(Path file, Path into, List<String> options) throws IOException {
            List<String> command = new ArrayList<>(List.of("curl", "--silent", "--fail", "--output", into.toString()));
            command.addAll(List.of("--write-out", "%{time_total}\n"));
            command.addAll(options);
            command.add("http://" + ShapedLine.SERVER + ":" + NGINX + "/" + file.getFileName());
            return new ProcessBuilder(line.atPlayer(command))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        private static long bytes(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                long bytes = 0;
                for (Path file :
                        files.filter(each -> !each.toString().endsWith(".part")).toList()) {
                    bytes += Files.size(file);
                }
                return bytes;
            }
        }
    }
}
