package io.p2phost.assignment.whois;

import io.p2phost.assignment.audit.AuditTrail;
import java.util.Map;
import java.util.regex.Pattern;

/** Asks who a player is. A real address is told, so who asked for whom is recorded before anybody is asked. */
public final class Whois {
    private static final Pattern ACCOUNT = Pattern.compile("[1-9]\\d{0,9}");
    private static final Pattern ADDRESS =
            Pattern.compile("127\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){2}");

    private final RelayPlayers players;
    private final AuditTrail audit;

    public Whois(RelayPlayers players, AuditTrail audit) {
        this.players = players;
        this.audit = audit;
    }

    /** Whether it can be asked for: an account's number, or an address of 127.64.0.0/10. */
    public static boolean isAskable(String whom) {
        return ACCOUNT.matcher(whom).matches() || ADDRESS.matcher(whom).matches();
    }

    public RelayPlayers.Answer ask(String whom, String actor) {
        audit.record(actor, "player.whois", "player:" + whom, "ASKED", Map.of());
        return players.ask(whom);
    }
}
