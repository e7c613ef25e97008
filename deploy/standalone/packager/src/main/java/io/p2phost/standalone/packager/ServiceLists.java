package io.p2phost.standalone.packager;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which jars each service sees, and whether all of them can share one folder. */
final class ServiceLists {
    private static final Pattern VERSIONED = Pattern.compile("(.+?)-(\\d.*)\\.jar");

    private final Map<String, List<String>> jarsByService = new LinkedHashMap<>();

    /**
     * Adds one service's list.
     *
     * @param classpath as Maven writes it: {@code lib/a-1.jar:lib/b-2.jar}
     */
    void add(String service, String classpath) {
        List<String> jars = new ArrayList<>();
        for (String entry : classpath.strip().split(":")) {
            if (!entry.isBlank()) {
                jars.add(entry.substring(entry.lastIndexOf('/') + 1));
            }
        }
        jarsByService.put(service, jars);
    }

    List<String> of(String service) {
        return jarsByService.getOrDefault(service, List.of());
    }

    /** Every jar that some service sees. */
    Set<String> union() {
        Set<String> union = new TreeSet<>();
        jarsByService.values().forEach(union::addAll);
        return union;
    }

    /**
     * Faults, one per line: jars that a service asks for and the shared folder does not have. Maven chose one version of
     * each artifact for that folder, so a missing jar means that two services need two versions of it.
     */
    List<String> faults(Set<String> shared) {
        List<String> faults = new ArrayList<>();
        jarsByService.forEach((service, jars) -> {
            for (String jar : jars) {
                if (!shared.contains(jar)) {
                    faults.add(service + ": " + jar + " (expected: " + versionsOf(jar, shared)
                            + ", the version that the other services use)");
                }
            }
        });
        return faults;
    }

    private static String versionsOf(String jar, Set<String> shared) {
        Matcher wanted = VERSIONED.matcher(jar);
        if (!wanted.matches()) {
            return "a jar of the shared folder";
        }
        List<String> found = shared.stream()
                .filter(other -> {
                    Matcher candidate = VERSIONED.matcher(other);
                    return candidate.matches() && candidate.group(1).equals(wanted.group(1));
                })
                .toList();
        return found.isEmpty() ? "no such artifact is in the shared folder" : String.join(" or ", found);
    }
}
