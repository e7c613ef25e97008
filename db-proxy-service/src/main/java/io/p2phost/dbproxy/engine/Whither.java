package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.ServerKey;
import java.util.Optional;

/** A route in words that relays know. */
public record Whither(Owner owner, MapName map, Epoch epoch, int loginId1) {
    private static final String RESERVE = "reserve";

    /** Empty while the reserve has not told where its players connect. */
    public static Optional<Whither> of(Outside.Route route, Optional<String> reserveAddress) {
        Optional<Owner> owner = switch (route.server()) {
            case ServerKey.Cell cell -> Optional.of(Owner.host(cell.host()));
            case ServerKey.Reserve reserve -> reserveAddress.map(at -> Owner.vps(RESERVE, at));
            case ServerKey.Core core -> Optional.empty();
        };
        return owner.map(whose -> new Whither(whose, route.map(), route.epoch(), route.loginId1()));
    }
}
