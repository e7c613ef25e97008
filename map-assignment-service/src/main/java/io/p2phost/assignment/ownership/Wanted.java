package io.p2phost.assignment.ownership;

import io.p2phost.contracts.Owner;
import org.jspecify.annotations.Nullable;

/**
 * A wanted change.
 *
 * @param owner null for a release
 * @param slots most maps the host may carry; ignored for a VPS
 */
public record Wanted(@Nullable Owner owner, int slots, String cause) {
    public static Wanted release(String cause) {
        return new Wanted(null, 0, cause);
    }

    public static Wanted vps(Owner vps, String cause) {
        return new Wanted(vps, 0, cause);
    }
}
