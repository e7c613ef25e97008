package io.p2phost.standalone;

import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PortPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The words after the command.
 *
 * @param home the suite's folder
 * @param ports moved by {@code --port-offset}
 * @param detach end the command when the suite is ready, and let it run on
 * @param processes one JVM per service
 * @param fresh delete all state first
 * @param json for programs
 */
record Options(Home home, PortPlan ports, boolean detach, boolean processes, boolean fresh, boolean json) {
    private static final Set<String> FOR_UP = Set.of("--home", "--port-offset", "--detach", "--processes", "--fresh");
    private static final Set<String> FOR_DOWN = Set.of("--home");
    private static final Set<String> FOR_STATUS = Set.of("--home", "--json");

    /**
     * @param workingDirectory where the user is: a relative {@code --home} starts here
     * @param usualHome used without {@code --home}
     */
    static Options parse(String command, List<String> words, Path workingDirectory, Path usualHome) throws Refusal {
        Set<String> allowed = switch (command) {
            case "up" -> FOR_UP;
            case "down" -> FOR_DOWN;
            case "status" -> FOR_STATUS;
            default ->
                throw new Refusal(command + " is not a command (expected: up, down, status, logs, build, demo,"
                        + " bench, soak or help).");
        };
        Path home = usualHome;
        PortPlan ports = new PortPlan(0);
        boolean detach = false;
        boolean processes = false;
        boolean fresh = false;
        boolean json = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
            if (!allowed.contains(name)) {
                throw new Refusal(word + " is not an option of " + command + " (expected: "
                        + String.join(", ", allowed.stream().sorted().toList()) + ").");
            }
            boolean takesValue = name.equals("--home") || name.equals("--port-offset");
            if (!takesValue && !name.equals(word)) {
                throw new Refusal(name + " takes no value.");
            }
            String value = "";
            if (takesValue) {
                if (!name.equals(word)) {
                    value = word.substring(equals + 1);
                } else if (i + 1 < words.size()) {
                    value = words.get(++i);
                }
                if (value.isBlank()) {
                    throw new Refusal(name + " needs a value.");
                }
            }
            switch (name) {
                case "--home" -> home = workingDirectory.resolve(value);
                case "--port-offset" -> ports = PortPlan.parse(value);
                case "--detach" -> detach = true;
                case "--processes" -> processes = true;
                case "--fresh" -> fresh = true;
                default -> json = true;
            }
        }
        return new Options(new Home(home), ports, detach, processes, fresh, json);
    }
}
