package io.p2phost.dbproxy.mux;

/**
 * A player at a relay: the fields of the packet that enters a map-server (CZ_ENTER2, 0x0436).
 *
 * @param clientIp his own address, as the relay sees it
 */
public record EntryRequest(String relay, int clientIp, int account, int character, int loginId1, int sex) {}
