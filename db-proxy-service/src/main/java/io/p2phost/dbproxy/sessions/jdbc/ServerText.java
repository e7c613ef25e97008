package io.p2phost.dbproxy.sessions.jdbc;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.ServerKey;

/** A map-server in a column: {@code core}, {@code reserve} or {@code host/map/epoch}. */
final class ServerText {
    private static final String CORE = "core";
    private static final String RESERVE = "reserve";

    private ServerText() {}

    static String of(ServerKey server) {
        return switch (server) {
            case ServerKey.Core core -> CORE;
            case ServerKey.Reserve reserve -> RESERVE;
            case ServerKey.Cell cell -> cell.host() + "/" + cell.map() + "/" + cell.epoch();
        };
    }

    static ServerKey server(String text) {
        if (text.equals(CORE)) {
            return ServerKey.CORE;
        }
        if (text.equals(RESERVE)) {
            return ServerKey.RESERVE;
        }
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("server: " + text + " (expected: core, reserve or host/map/epoch)");
        }
        return new ServerKey.Cell(HostId.of(parts[0]), new MapName(parts[1]), Epoch.of(Long.parseLong(parts[2])));
    }
}
