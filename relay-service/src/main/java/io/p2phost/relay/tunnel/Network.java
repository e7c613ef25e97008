package io.p2phost.relay.tunnel;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The network that an address is in: hosts of one network tend to be lost together. Nobody needs the address itself. */
public final class Network {
    private static final int IPV4_BYTES = 3;
    private static final int IPV6_BYTES = 6;

    private Network() {}

    /** The /24 of an IPv4 address or the /48 of an IPv6 one; empty when there is no address. */
    public static Optional<String> of(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress socket && socket.getAddress() != null
                ? Optional.of(of(socket.getAddress()))
                : Optional.empty();
    }

    private static String of(InetAddress address) {
        int kept = address instanceof Inet4Address ? IPV4_BYTES : IPV6_BYTES;
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, kept, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + kept * 8;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address: " + bytes.length + " bytes (expected: 4 or 16)", e);
        }
    }
}
