package io.p2phost.ro.sim;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which account plays which character on which map-server, as a char-server believes it. */
final class OnlineAccounts {
    static final int NOWHERE = -1;
    /** On a map-server that is gone, or on its way to one. */
    static final int UNKNOWN_SERVER = -2;

    static final int NO_CHARACTER = -1;
    static final int KICK_SERVER_CLOSED = 1;
    private static final int KICK_OTHER_LOGIN = 2;
    private static final Duration AUTH_TIMEOUT = Duration.ofSeconds(30);

    private final SimDatabase database;
    private final Accounts accounts;
    private final Timers timers;
    private final Servers servers;
    private final Map<Integer, Online> online = new LinkedHashMap<>();

    /** The map-servers, by slot. */
    interface Servers {
        void count(int slot, int users);

        void kick(int slot, int accountId, int reason);

        /** The record is not held in memory any more. */
        void forget(int charId);
    }

    /** What is known of an account that is or was here. */
    static final class Online {
        private int charId = NO_CHARACTER;
        private int server = NOWHERE;
        /** Its connection while it chooses a character. */
        @Nullable
        Object client;

        private Timers.@Nullable Timer waitingDisconnect;

        int charId() {
            return charId;
        }

        int server() {
            return server;
        }

        void at(int slot, int character) {
            server = slot;
            charId = character;
        }
    }

    OnlineAccounts(SimDatabase database, Accounts accounts, Timers timers, Servers servers) {
        this.database = database;
        this.accounts = accounts;
        this.timers = timers;
        this.servers = servers;
    }

    @Nullable
    Online find(int accountId) {
        return online.get(accountId);
    }

    Online record(int accountId) {
        return online.computeIfAbsent(accountId, id -> new Online());
    }

    void setOnline(int server, int charId, int accountId) {
        database.online(charId, true);
        Online record = online.get(accountId);
        if (record == null) {
            record = record(accountId);
        } else {
            if (record.charId != NO_CHARACTER) {
                kickElsewhere(accountId, server);
            }
            stopWaiting(record);
        }
        record.at(server, charId);
        servers.count(server, 1);
        accounts.online(accountId);
    }

    /** Who plays it on another map-server than this goes. */
    void kickElsewhere(int accountId, int server) {
        Online record = online.get(accountId);
        if (record != null && record.server > NOWHERE && record.server != server) {
            servers.kick(record.server, accountId, KICK_OTHER_LOGIN);
        }
    }

    /** Of one character, or with {@link #NO_CHARACTER} of the whole account. */
    void setOffline(int charId, int accountId) {
        if (charId == NO_CHARACTER) {
            database.accountOffline(accountId);
        } else {
            servers.forget(charId);
            database.online(charId, false);
        }
        Online record = online.get(accountId);
        if (record != null) {
            servers.count(record.server, -1);
            stopWaiting(record);
            if (record.charId == charId) {
                record.at(NOWHERE, NO_CHARACTER);
            }
        }
        if (charId == NO_CHARACTER || record == null || record.client == null) {
            accounts.offline(accountId);
        }
    }

    /** It chooses a character. */
    void setSelecting(int accountId) {
        Online record = record(accountId);
        servers.count(record.server, -1);
        record.at(NOWHERE, NO_CHARACTER);
        stopWaiting(record);
        accounts.online(accountId);
    }

    /** Whoever plays it is asked to go, and taken for gone after a while. */
    void kickAndWait(int accountId) {
        Online record = record(accountId);
        servers.kick(record.server, accountId, KICK_OTHER_LOGIN);
        if (record.waitingDisconnect == null) {
            record.waitingDisconnect = timers.in(AUTH_TIMEOUT, () -> {
                record.waitingDisconnect = null;
                setOffline(record.charId, accountId);
            });
        }
    }

    private void stopWaiting(Online record) {
        timers.cancel(record.waitingDisconnect);
        record.waitingDisconnect = null;
    }

    void markUnknown(int slot) {
        for (Online record : online.values()) {
            if (record.server == slot) {
                record.server = UNKNOWN_SERVER;
            }
        }
    }

    List<Integer> accountsAt(int slot) {
        return online.entrySet().stream()
                .filter(entry -> entry.getValue().server == slot)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Ends at the first account that still has a client here; whoever comes behind it waits for the next time. */
    void cleanUp() {
        for (Map.Entry<Integer, Online> entry : List.copyOf(online.entrySet())) {
            Online record = entry.getValue();
            if (record.client != null) {
                return;
            }
            if (record.server == UNKNOWN_SERVER) {
                setOffline(record.charId, entry.getKey());
            }
            if (record.server < 0) {
                online.remove(entry.getKey());
            }
        }
    }
}
