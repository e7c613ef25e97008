package io.p2phost.dbproxy.mux;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** All players in play, found by account, character and name. */
final class Sessions {
    private final Map<Integer, PlayerSession> byAccount = new LinkedHashMap<>();
    private final Map<Integer, PlayerSession> byCharacter = new HashMap<>();
    private final Map<String, PlayerSession> byName = new HashMap<>();

    Optional<PlayerSession> account(int account) {
        return Optional.ofNullable(byAccount.get(account));
    }

    Optional<PlayerSession> character(int character) {
        return Optional.ofNullable(byCharacter.get(character));
    }

    Optional<PlayerSession> name(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Adds a session; one of the same account before it is gone. */
    void put(PlayerSession session) {
        account(session.account).ifPresent(this::remove);
        byAccount.put(session.account, session);
        byCharacter.put(session.character, session);
        byName.put(session.name, session);
    }

    void remove(PlayerSession session) {
        byAccount.remove(session.account, session);
        byCharacter.remove(session.character, session);
        byName.remove(session.name, session);
    }

    Collection<PlayerSession> all() {
        return byAccount.values();
    }

    /** A copy, for loops that change sessions. */
    List<PlayerSession> where(Predicate<PlayerSession> condition) {
        return byAccount.values().stream().filter(condition).toList();
    }
}
