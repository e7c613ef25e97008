package io.p2phost.standalone.packager;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Which of an archive's jars are others' work and under which licence: a list kept by hand, compared with the jars. */
final class ThirdParty {
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d.*)\\.jar");
    private static final Pattern LICENCE =
            Pattern.compile("META-INF/[^/]*(?:LICENSE|LICENCE|NOTICE)[^/]*", Pattern.CASE_INSENSITIVE);

    private final Map<String, Row> rows = new TreeMap<>();

    private record Row(String licence, String home) {}

    /**
     * Reads the list.
     *
     * @param list a line per artifact: its name, licence and home, between tabs; those after {@code #} do not count
     */
    ThirdParty(List<String> list) {
        for (String line : list) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split("\t+");
                if (words.length != 3) {
                    throw new IllegalArgumentException(
                            "third-party list: \"" + line + "\" (expected: artifact, licence and home between tabs)");
                }
                rows.put(words[0], new Row(words[1], words[2]));
            }
        }
    }

    /** What is wrong; nothing when every jar that is not ours has its row and every row its jar. */
    List<String> faults(Collection<String> jars, Collection<String> ours) {
        List<String> faults = new ArrayList<>();
        List<String> artifacts = new ArrayList<>();
        for (String jar : jars) {
            String artifact = part(jar, 1);
            artifacts.add(artifact);
            if (!ours.contains(artifact) && !rows.containsKey(artifact)) {
                faults.add(jar + " has no licence in the third-party list");
            }
        }
        rows.keySet().stream()
                .filter(artifact -> !artifacts.contains(artifact))
                .forEach(artifact -> faults.add(artifact + " is in the third-party list, but not in the archive"));
        return faults;
    }

    /** Whether the list has this jar. */
    boolean names(Path jar) {
        return rows.containsKey(part(String.valueOf(jar.getFileName()), 1));
    }

    /** The rows of a Markdown table, in the order of the artifacts' names. */
    String table(Collection<String> jars) {
        Map<String, String> lines = new TreeMap<>();
        for (String jar : jars) {
            Row row = rows.get(part(jar, 1));
            if (row != null) {
                lines.put(
                        part(jar, 1),
                        "| " + part(jar, 1) + " | " + part(jar, 2) + " | " + row.licence() + " | " + row.home()
                                + " |\n");
            }
        }
        return String.join("", lines.values());
    }

    /** The licence texts and notices that the jar itself brings, by the name under which they are packed. */
    Map<String, byte[]> texts(Path jar) throws IOException {
        Map<String, byte[]> texts = new TreeMap<>();
        String artifact = part(String.valueOf(jar.getFileName()), 1);
        if (names(jar)) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : zip.stream()
                        .filter(candidate ->
                                LICENCE.matcher(candidate.getName()).matches())
                        .toList()) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        texts.put(
                                artifact + "/" + entry.getName().substring("META-INF/".length()),
                                content.readAllBytes());
                    }
                }
            }
        }
        return texts;
    }

    private static String part(String jar, int group) {
        Matcher name = JAR.matcher(jar);
        if (!name.matches()) {
            throw new IllegalArgumentException(jar + " (expected: NAME-VERSION.jar)");
        }
        return name.group(group);
    }
}
