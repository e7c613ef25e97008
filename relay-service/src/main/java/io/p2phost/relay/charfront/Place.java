package io.p2phost.relay.charfront;

import io.netty.util.NetUtil;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a char-server sends a client to.
 *
 * @param ip IPv4, in dotted order
 */
public record Place(int ip, int port) {
    private static final Pattern TEXT = Pattern.compile("([0-9.]+):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code 192.0.2.7:7000}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Place parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        byte[] ip = parts.matches() ? NetUtil.createByteArrayFromIpAddressString(parts.group(1)) : null;
        int port = ip == null ? 0 : Integer.parseInt(parts.group(2));
        if (ip == null || ip.length != Integer.BYTES || port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    text + " (expected: an IPv4 address and a port, such as 192.0.2.7:7000)");
        }
        return new Place(ip[0] << 24 | (ip[1] & 0xff) << 16 | (ip[2] & 0xff) << 8 | (ip[3] & 0xff), port);
    }

    /** Whether only this machine reaches it. */
    boolean isLoopback() {
        return ip >>> 24 == 127;
    }

    @Override
    public String toString() {
        return NetUtil.intToIpAddress(ip) + ":" + port;
    }
}
