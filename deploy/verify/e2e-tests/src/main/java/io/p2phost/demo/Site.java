package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;

/**
 * Where the operator's game servers are in the demo, and where they find the suite: its ports move with the gateway's.
 *
 * @param charServer where db-proxy looks for it
 * @param core at an address that players and the suite reach
 * @param reserve likewise
 * @param vpsSide db-proxy's port for the VPS's map-servers
 * @param ports further ones
 */
record Site(Endpoint loginServer, Endpoint charServer, Endpoint core, Endpoint reserve, Endpoint vpsSide, Ports ports) {
    private static final int GATEWAY = 8080;
    private static final int CHAR_SERVER = 6121;
    private static final int VPS_SIDE = 5123;

    /**
     * The usual places.
     *
     * @param vpsHost this machine as the suite sees it, an IPv4 address
     */
    static Site of(URI gateway, String vpsHost) {
        int address;
        try {
            address = Endpoint.address(vpsHost);
        } catch (IllegalArgumentException e) {
            throw new DemoFailure("--vps-host: " + vpsHost + " (expected: an IPv4 address of this machine)", e);
        }
        int offset = gateway.getPort() < GATEWAY ? 0 : gateway.getPort() - GATEWAY;
        Ports ports = new Ports();
        return new Site(
                ports.free(vpsHost),
                new Endpoint(address, CHAR_SERVER + offset),
                ports.free(vpsHost),
                ports.free(vpsHost),
                new Endpoint(Endpoint.address(numeric(gateway.getHost())), VPS_SIDE + offset),
                ports);
    }

    private static String numeric(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .filter(Inet4Address.class::isInstance)
                    .findFirst()
                    .orElseThrow(() -> new DemoFailure("--gateway: " + host + " has no IPv4 address"))
                    .getHostAddress();
        } catch (IOException e) {
            throw new DemoFailure("--gateway: " + host + " is unknown", e);
        }
    }
}
