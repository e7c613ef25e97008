package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;
import io.p2phost.ro.client.MapToClient;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a player last struck or was struck, by what his map-server told his client. Whoever fights may not leave at once: that
 * is {@code prevent_logout} of a stock map-server, which is off where maps are moved under players, so the rule is kept here.
 */
final class Combat {
    // What older clients have in the place of 08c8.
    static final int DAMAGE_2007 = 0x02e1;
    static final int DAMAGE_OLD = 0x008a;

    private final int account;
    private final LongSupplier nanoTime;
    private boolean fought;
    private long last;

    Combat(int account, LongSupplier nanoTime) {
        this.account = account;
        this.nanoTime = nanoTime;
    }

    /** A packet of the map-server, where it lies. Unit and target are at the same bytes in all versions of the packet. */
    void look(int id, ByteBuf in, int at) {
        switch (id) {
            case MapToClient.DAMAGE, DAMAGE_2007 ->
                blow(in.getIntLE(at + 2), in.getIntLE(at + 6), in.getIntLE(at + 22));
            case DAMAGE_OLD -> blow(in.getIntLE(at + 2), in.getIntLE(at + 6), in.getShortLE(at + 22));
            case MapToClient.SKILL_DAMAGE -> blow(in.getIntLE(at + 4), in.getIntLE(at + 8), in.getIntLE(at + 24));
            default -> {
                // Nobody is struck.
            }
        }
    }

    /** One that does no damage may be none: sitting down looks alike. */
    private void blow(int by, int to, int damage) {
        if (damage > 0 && (by == account || to == account)) {
            fought = true;
            last = nanoTime.getAsLong();
        }
    }

    /** Whether the last blow is no older. */
    boolean isWithin(Duration time) {
        return fought && nanoTime.getAsLong() - last < time.toNanos();
    }
}
