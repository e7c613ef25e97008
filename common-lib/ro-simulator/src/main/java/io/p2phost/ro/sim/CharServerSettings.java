package io.p2phost.ro.sim;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a simulated char-server is set up; {@link #stock} is how rAthena comes.
 *
 * @param user what every map-server must log in with
 * @param announced where clients find it
 * @param mapServers how many it takes at once; one more is refused
 * @param loginDelay from start to being logged in at the login-server: until then it accepts and closes
 * @param floodLimit whether quick connects from one address are refused
 * @param allowed addresses the flood limit does not count
 * @param cities where a character may choose to go whose map nobody has
 */
public record CharServerSettings(
        String user,
        String password,
        Endpoint announced,
        int mapServers,
        Duration loginDelay,
        boolean floodLimit,
        Set<Integer> allowed,
        List<Point> cities) {
    public CharServerSettings {
        allowed = Set.copyOf(allowed);
        cities = List.copyOf(cities);
    }

    public static CharServerSettings stock(String user, String password, Endpoint announced) {
        return new CharServerSettings(
                user,
                password,
                announced,
                2,
                Duration.ofSeconds(1),
                true,
                Set.of(),
                List.of(new Point("prontera", 156, 191)));
    }

    public CharServerSettings withMapServers(int slots) {
        return new CharServerSettings(user, password, announced, slots, loginDelay, floodLimit, allowed, cities);
    }

    public CharServerSettings withoutFloodLimit() {
        return new CharServerSettings(user, password, announced, mapServers, loginDelay, false, allowed, cities);
    }

    /** Conf line {@code allow}. */
    public CharServerSettings withAllowed(Set<Integer> addresses) {
        return new CharServerSettings(user, password, announced, mapServers, loginDelay, floodLimit, addresses, cities);
    }

    public CharServerSettings withCities(List<Point> points) {
        return new CharServerSettings(user, password, announced, mapServers, loginDelay, floodLimit, allowed, points);
    }
}
