package io.p2phost.assignment.failover;

import io.p2phost.assignment.failover.Failover.Decision;
import java.time.Duration;

/** What to make of a lost host. Pure. */
public final class LossJudge {
    private final Rules rules;

    /**
     * When so many hosts were lost at once that whoever says so looks for the fault at his own end first.
     *
     * @param percent of the hosts that are Ready; more than that are too many
     * @param minHosts fewer are never too many
     * @param window what counts as at once
     * @param hold how long maps wait then whose standby is not proven alive
     * @param comeBack how long a host that db-proxy still hears has to make another tunnel in place of one that broke
     */
    public record Rules(int percent, int minHosts, Duration window, Duration hold, Duration comeBack) {}

    LossJudge(Rules rules) {
        this.rules = rules;
    }

    Rules rules() {
        return rules;
    }

    /**
     * Judges a report.
     *
     * @param heard what the others say; after a hold, what everybody says
     * @param lostAtOnce hosts that were said to be lost within the window, this one among them
     * @param hosts that are Ready
     * @param held whether the hold is over
     */
    Decision judge(LossReport.Cause cause, Observers.Heard heard, int lostAtOnce, int hosts, boolean held) {
        boolean tunnel = cause == LossReport.Cause.TUNNEL_LOST;
        if (tunnel && !heard.relays().isEmpty()) {
            return Decision.STAY;
        }
        if (tunnel && heard.dbProxy()) {
            return Decision.SAVE_FIRST;
        }
        if (!tunnel && held && heard.dbProxy()) {
            // The link whose loss was reported is back: nothing was lost but time.
            return Decision.STAY;
        }
        return !held && tooMany(lostAtOnce, hosts) ? Decision.HOLD : Decision.GO_ON;
    }

    boolean tooMany(int lostAtOnce, int hosts) {
        return lostAtOnce >= rules.minHosts() && lostAtOnce * 100L > (long) rules.percent() * hosts;
    }
}
