package io.p2phost.relay.front.web;

import io.p2phost.contracts.Owner;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An owner's address as others write it. */
final class OwnerAddress {
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s:/]{1,253}:(\\d{1,5})|\\[[0-9a-fA-F:.]{2,45}]:(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    private OwnerAddress() {}

    /** Refuses what nobody could be connected to. */
    static void check(String name, @Nullable Owner owner) {
        String address = owner == null ? null : owner.address();
        if (address == null) {
            return;
        }
        Matcher parts = ADDRESS.matcher(address);
        if (parts.matches()) {
            String digits = parts.group(1) == null ? parts.group(2) : parts.group(1);
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= MAX_PORT) {
                return;
            }
        }
        throw new ProblemException(
                ProblemType.INVALID_VALUE, name + ": " + Text.quote(address) + " (expected: host:port)");
    }
}
