package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents promise is there: the tests they name, the settings they must list, the files they link. */
class DocsTest {
    private static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|Tests|IT|Contract))\\.(\\w+)`");
    private static final Pattern PREFIX = Pattern.compile("@ConfigurationProperties\\(\"([^\"]+)\"\\)");
    private static final Pattern COMPONENT =
            Pattern.compile("(?m)^\\s+(?:@\\w+(?:\\([^)]*\\))?\\s+)*[\\w.<>]+ (\\w+)[,)]");
    private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);
    private static final List<String> CONFIGURATION = List.of("ini", "conf", "yaml");
    private static final Pattern KEY = Pattern.compile("(?m)^\\s*(\\w+)\\s*[:=]|^\\[(\\w+)]$");
    private static final Pattern COMMAND =
            Pattern.compile("(@p2p\\w+|/p2p \\w+|p2p-(?:control|keygen|diagnostic) --[a-z-]+)");
    private static final Pattern FILE =
            Pattern.compile("([\\w-]+\\.(?:conf|log|service|sql|php|ini|INI|patch|cpp|key|pub|dat|sh))\\b");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void everyTestThatAFailureModeNamesExists() {
        Map<String, String> tests = tests();
        List<String> missing = new ArrayList<>();
        for (Path document : documents("docs/failure-modes")) {
            missing(tests, read(document)).forEach(name -> missing.add(document.getFileName() + ": " + name));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyAttackOnAPublicPortHasATest() {
        Map<String, String> tests = tests();
        List<String> rows = read(ROOT.resolve("docs/threat-model.md"))
                .lines()
                .filter(line -> line.matches("\\| P\\d+ \\|.*"))
                .toList();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(20);
        for (int i = 0; i < rows.size(); i++) {
            String row = rows.get(i);
            assertThat(row).startsWith("| P" + (i + 1) + " |").containsPattern(NAMED_TEST);
            String[] cells = row.split("\\|", -1);
            assertThat(cells).as(row).hasSize(9);
            assertThat(List.of(cells[4], cells[6]))
                    .as("refused where and counted as: %s", row)
                    .allMatch(DocsTest::isFilled);
            assertThat(missing(tests, row)).as(row).isEmpty();
        }
    }

    private static boolean isFilled(String cell) {
        return !cell.isBlank();
    }

    private static Map<String, String> tests() {
        return sources("test").stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""), DocsTest::read, String::concat));
    }

    /** Tests that the text names and that are not there. */
    private static List<String> missing(Map<String, String> tests, String text) {
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED_TEST.matcher(text);
        while (named.find()) {
            if (!tests.getOrDefault(named.group(1), "").contains("void " + named.group(2) + "(")) {
                missing.add(named.group());
            }
        }
        return missing;
    }

    @Test
    void everySettingIsDescribed() {
        String described = read(ROOT.resolve("docs/configuration.md"));
        List<String> missing = new ArrayList<>();
        for (Path source : sources("main")) {
            String text = read(source);
            Matcher prefix = PREFIX.matcher(text);
            if (prefix.find()) {
                int start = text.indexOf("record ", prefix.end());
                Matcher component = COMPONENT.matcher(text.substring(start, text.indexOf(") {", start) + 1));
                while (component.find()) {
                    String key = prefix.group(1) + "." + kebab(component.group(1));
                    if (!described.contains("`" + key)) {
                        missing.add(key);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyKeyFileAndCommandOfTheSeedsHasItsRow() {
        String rows = read(ROOT.resolve("docs/seeds.md"));
        List<String> missing = new ArrayList<>();
        Path seeds = ROOT.resolve("map-assignment-service/src/test/resources/seeds");
        for (Path seed : found(seeds, files -> files.filter(Files::isRegularFile))) {
            String text = read(seed);
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                if (CONFIGURATION.contains(block.group(1)) && !block.group(2).contains("[Unit]")) {
                    require(rows, KEY, block.group(2), seed, missing);
                }
            }
            require(rows, COMMAND, text, seed, missing);
            require(rows, FILE, text, seed, missing);
        }
        assertThat(missing).isEmpty();
    }

    private static void require(String rows, Pattern pattern, String text, Path seed, List<String> missing) {
        Matcher named = pattern.matcher(text);
        while (named.find()) {
            String name = (named.group(1) == null ? named.group(2) : named.group(1))
                    .replaceAll("\\s+", " ")
                    .strip();
            if (!rows.contains(name)) {
                missing.add(seed.getFileName() + ": " + name);
            }
        }
    }

    @Test
    void everyLinkLeadsToAFile() {
        List<String> broken = new ArrayList<>();
        Stream.concat(documents("docs").stream(), Stream.of(ROOT.resolve("README.md")))
                .forEach(document -> {
                    Matcher link = LINK.matcher(read(document));
                    while (link.find()) {
                        if (!Files.exists(document.resolveSibling(link.group(1)))) {
                            broken.add(ROOT.relativize(document) + ": " + link.group(1));
                        }
                    }
                });
        assertThat(broken).isEmpty();
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static List<Path> sources(String kind) {
        return found(
                ROOT,
                files -> files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> file.toString().contains("/src/" + kind + "/java/"))
                        .filter(file -> !file.toString().contains("/target/")));
    }

    private static List<Path> documents(String folder) {
        return found(
                ROOT.resolve(folder),
                files -> files.filter(file -> file.toString().endsWith(".md")));
    }

    private static List<Path> found(Path folder, Function<Stream<Path>, Stream<Path>> choice) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> chosen = choice.apply(files).toList();
            assertThat(chosen).isNotEmpty();
            return chosen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
