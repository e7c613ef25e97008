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
    private static final String CORE = "core";

    /** Where an order sends a player; empty while the reserve has not told where its players connect. */
    public static Optional<Whither> of(Outside.Rehome order, Optional<String> reserveAddress) {
        Outside.Front front = order.front();
        return order.route().server() instanceof ServerKey.Core && front != null
                ? Optional.of(of(order.route(), Owner.vps(CORE, front.host() + ":" + front.port())))
                : of(order.route(), reserveAddress);
    }

    /** Empty while the reserve has not told where its players connect. */
    public static Optional<Whither> of(Outside.Route route, Optional<String> reserveAddress) {
        Optional<Owner> owner = switch (route.server()) {
            case ServerKey.Cell cell -> Optional.of(Owner.host(cell.host()));
            case ServerKey.Reserve reserve -> reserveAddress.map(at -> Owner.vps(RESERVE, at));
            case ServerKey.Core core -> Optional.empty();
        };
        return owner.map(whose -> of(route, whose));
    }

    private static Whither of(Outside.Route route, Owner whose) {
        return new Whither(whose, route.map(), route.epoch(), route.loginId1());
    }
}
