package io.p2phost.ro.sim;

import java.time.Duration;
import java.util.List;

/**
 * How a simulated map-server is set up; {@link #stock} is how rAthena comes.
 *
 * @param announced its own address, which clients are sent to; nobody may tell it that this address has a map it has not
 * @param maps those it loads
 * @param autosave in this time everybody is saved once
 * @param preventLogout who was hit stays this long after his connection ended; zero switches it off
 * @param commandGroup least group whose players may use commands
 */
public record MapServerSettings(
        String user,
        String password,
        Endpoint announced,
        Endpoint charServer,
        List<String> maps,
        Duration autosave,
        Duration preventLogout,
        int commandGroup,
        long seed) {
    public MapServerSettings {
        maps = List.copyOf(maps);
    }

    public static MapServerSettings stock(
            String user, String password, Endpoint announced, Endpoint charServer, List<String> maps, long seed) {
        return new MapServerSettings(
                user, password, announced, charServer, maps, Duration.ofSeconds(300), Duration.ofSeconds(10), 99, seed);
    }

    public MapServerSettings withAutosave(Duration interval) {
        return new MapServerSettings(
                user, password, announced, charServer, maps, interval, preventLogout, commandGroup, seed);
    }

    public MapServerSettings withoutPreventLogout() {
        return new MapServerSettings(
                user, password, announced, charServer, maps, autosave, Duration.ZERO, commandGroup, seed);
    }
}
