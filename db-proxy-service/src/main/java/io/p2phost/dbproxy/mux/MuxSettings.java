package io.p2phost.dbproxy.mux;

import io.p2phost.ro.layout.BuildLayout;
import java.time.Duration;

/**
 * What the multiplexer is told.
 *
 * @param front address that players enter at
 * @param user as in the char-server's own configuration
 * @param layout of the char-server's build
 * @param directEntries whether the reserve may let players in whom no relay asked about: their clients' packets can be
 *     read by a map-server of the VPS only, so they stay there
 */
public record MuxSettings(
        Address front,
        String user,
        String password,
        BuildLayout layout,
        Timing timing,
        SaveLimits limits,
        boolean directEntries) {
    /** Without direct entries. */
    public MuxSettings(
            Address front, String user, String password, BuildLayout layout, Timing timing, SaveLimits limits) {
        this(front, user, password, layout, timing, limits, false);
    }

    /** An IPv4 address as the protocol carries it. */
    public record Address(int ip, int port) {
        /** The address without the port. */
        public String dotted() {
            return (ip >>> 24) + "." + (ip >>> 16 & 0xff) + "." + (ip >>> 8 & 0xff) + "." + (ip & 0xff);
        }
    }

    /**
     * How long things may take.
     *
     * @param authenticate an entering player's check by the char-server
     * @param collect a record that no server asks for
     * @param limbo a player between servers whose relay is silent about him; a final save that is to come again
     * @param remind between two times that a relay is told to move a player who does not come
     * @param leave a server change to core
     * @param quit the final save after a player asked for character select or his connection ended
     * @param gone a relay's word that a connection is over, behind the final save that this was the reason of
     * @param kick a kicked player's server, to let go of him; also one that had not loaded him when his connection ended
     * @param restart how old a player's own restart packet may be
     * @param whisper for its receiver's server
     * @param users between two counts of users
     * @param retry between tries to reach the char-server
     * @param keepAlive between keep-alives to the char-server; a forwarder beside it cuts a silent link
     * @param silence without an answer from the char-server
     * @param recall a map-server that is asked for a player's final save because his relay does not reach it
     * @param missed a relay that asks for a player whom a map-server has; then that is asked for him
     * @param database between two looks whether the char-server's database takes saves again
     * @param replay all saves that waited for the char-server
     */
    public record Timing(
            Duration authenticate,
            Duration collect,
            Duration limbo,
            Duration remind,
            Duration leave,
            Duration quit,
            Duration gone,
            Duration kick,
            Duration restart,
            Duration whisper,
            Duration users,
            Duration retry,
            Duration keepAlive,
            Duration silence,
            Duration recall,
            Duration missed,
            Duration database,
            Duration replay) {
        public static final Timing USUAL = new Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofMinutes(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMillis(300),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5));

        /** Our own part of an entry, behind the char-server's. */
        private static final Duration STORING = Duration.ofSeconds(1);

        /** When a relay's question about a player is answered at the latest, whoever is slow. */
        public Duration entry() {
            return authenticate.plus(STORING);
        }
    }
}
