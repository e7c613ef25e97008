package io.p2phost.links.net;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A list of networks, such as 10.0.0.0/8 or 2001:db8::/32; an address alone is a network of one. */
public final class Networks {
    /** Each connection is compared with every one of them. */
    public static final int MOST = 1_024;

    public static final Networks NONE = new Networks(List.of());

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final List<IpSubnetFilterRule> rules;

    private Networks(List<IpSubnetFilterRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Reads the list; one that is none is thrown, with its text. Names are none: nothing is looked up. */
    public static Networks parse(List<String> texts) {
        if (texts.size() > MOST) {
            throw new IllegalArgumentException(texts.size() + " networks (expected: at most " + MOST + ")");
        }
        List<IpSubnetFilterRule> rules = new ArrayList<>();
        for (String text : texts) {
            rules.add(rule(text.strip()));
        }
        return new Networks(rules);
    }

    private static IpSubnetFilterRule rule(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean ipv4 = NetUtil.isValidIpV4Address(address);
        if (ipv4 || NetUtil.isValidIpV6Address(address)) {
            try {
                int most = ipv4 ? IPV4_BITS : IPV6_BITS;
                int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
                if (bits >= 0 && bits <= most) {
                    return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
        }
        throw new IllegalArgumentException(
                text + " (expected: an address or a network, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32)");
    }

    public boolean contains(InetAddress address) {
        if (rules.isEmpty()) {
            return false;
        }
        InetSocketAddress asked = new InetSocketAddress(address, 0);
        for (IpSubnetFilterRule rule : rules) {
            if (rule.matches(asked)) {
                return true;
            }
        }
        return false;
    }
}
