package io.p2phost.ro.sim;

import java.net.InetSocketAddress;

/**
 * IPv4 address and port.
 *
 * @param address first byte highest
 */
public record Endpoint(int address, int port) {
    public Endpoint {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
    }

    /** From {@code 127.0.0.1:6121}; numbers only, nothing is looked up. */
    public static Endpoint of(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("endpoint: " + text + " (expected: a.b.c.d:port)");
        }
        return new Endpoint(address(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    /** From {@code 127.0.0.1}. */
    public static int address(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("address: " + text + " (expected: a.b.c.d)");
        }
        int address = 0;
        for (String part : parts) {
            int octet = Integer.parseInt(part);
            if (octet < 0 || octet > 255) {
                throw new IllegalArgumentException("address: " + text + " (expected: a.b.c.d)");
            }
            address = address << 8 | octet;
        }
        return address;
    }

    /** {@code 127.0.0.1}. */
    public String host() {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    InetSocketAddress socketAddress() {
        return new InetSocketAddress(host(), port);
    }

    @Override
    public String toString() {
        return host() + ":" + port;
    }
}
