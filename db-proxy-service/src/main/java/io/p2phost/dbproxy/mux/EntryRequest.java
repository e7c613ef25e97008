package io.p2phost.dbproxy.mux;

import org.jspecify.annotations.Nullable;

/**
 * A player who enters: the fields of the packet by which he does (CZ_ENTER2, 0x0436).
 *
 * @param relay that holds his connection; null when none can read it, and the reserve asks itself
 * @param clientIp his own address, as the relay sees it
 */
public record EntryRequest(@Nullable String relay, int clientIp, int account, int character, int loginId1, int sex) {}
