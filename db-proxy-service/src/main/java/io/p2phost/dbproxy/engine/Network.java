package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.Text;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A block of addresses, as {@code 10.0.0.0/8} or a single one; names are not looked up. */
public record Network(BigInteger prefix, int bits, int size) {
    /** Reads a block. */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")) {
            throw bad(text);
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            int size = bytes.length * Byte.SIZE;
            int bits = slash < 0 ? size : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > size) {
                throw bad(text);
            }
            return new Network(number(bytes).shiftRight(size - bits), bits, size);
        } catch (UnknownHostException | NumberFormatException e) {
            throw bad(text);
        }
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "network: " + Text.quote(text) + " (expected: an address, or address/bits)");
    }

    private static BigInteger number(byte[] address) {
        return new BigInteger(1, address);
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length * Byte.SIZE == size
                && number(bytes).shiftRight(size - bits).equals(prefix);
    }
}
