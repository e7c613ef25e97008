package io.p2phost.dbproxy.turn.web;

import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.turn.Turn;
import io.p2phost.kit.web.AllowInternal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Another instance asks before it takes over. */
@RestController
@AllowInternal(ServiceName.DB_PROXY)
class TurnController {
    static final String PATH = "/internal/v1/turn";

    private final Turn turn;

    TurnController(Turn turn) {
        this.turn = turn;
    }

    @GetMapping(PATH)
    TurnView turn() {
        return new TurnView(turn.isActive());
    }

    record TurnView(boolean active) {}
}
