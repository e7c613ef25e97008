package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Accounts, the ids a login gives out, and who is online: an account that still is gets "still recognises your last
 * connection" and a kick, so that its second attempt works.
 */
public final class SimLoginServer implements Listener, Machine {
    private static final Duration AUTH_TIMEOUT = Duration.ofSeconds(30);

    private final SplittableRandom random;
    private final Timers timers;
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<Integer, Account> byId = new HashMap<>();
    private final Map<Integer, Login> logins = new HashMap<>();
    private final Map<Integer, Online> online = new HashMap<>();
    private final Map<Integer, Map<SimDatabase.Variable, Object>> variables = new HashMap<>();
    private Accounts.@Nullable CharServer charServer;
    private int nextAccountId = 2_000_000;

    private record Account(int id, String name, String password, int sex, int groupId) {}

    private record Login(int loginId1, int loginId2, int sex) {}

    private static final class Online {
        /** -1 while it has not been seen at a char-server yet. */
        private int server = -1;

        private Timers.@Nullable Timer timeout;
    }

    public SimLoginServer(InstantSource clock, long seed) {
        timers = new Timers(clock);
        random = new SplittableRandom(seed);
    }

    /** The next account gets this id: whoever is told of accounts remembers those of an earlier story. */
    public void nextAccountId(int accountId) {
        nextAccountId = accountId;
    }

    /** Gives its id. */
    public int createAccount(String name, String password, int sex, int groupId) {
        Account account = new Account(nextAccountId++, name, password, sex, groupId);
        accounts.put(name, account);
        byId.put(account.id(), account);
        return account.id();
    }

    /** Whether a further login would be refused. */
    public boolean isOnline(int accountId) {
        Online data = online.get(accountId);
        return data != null && data.server > -1;
    }

    @Override
    public Link accept(int address) {
        return new Client();
    }

    @Override
    public void tick() {
        timers.run();
    }

    @Override
    public @Nullable Instant nextDeadline() {
        return timers.next();
    }

    private final class Client implements Link {
        private @Nullable Wire wire;

        @Override
        public void opened(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void packet(Packet packet) {
            Wire to = wire;
            if (to == null) {
                return;
            }
            if (packet.id() != ClientPackets.CA_LOGIN) {
                to.close();
                return;
            }
            to.send(login(packet.text(6, Names.LENGTH), packet.text(30, Names.LENGTH)));
        }

        @Override
        public void closed() {
            wire = null;
        }
    }

    private Packet login(String name, String password) {
        Account account = accounts.get(name);
        if (account == null) {
            return ClientPackets.refuseLogin(0);
        }
        if (!account.password().equals(password)) {
            return ClientPackets.refuseLogin(1);
        }
        Accounts.CharServer server = charServer;
        if (server == null) {
            return ClientPackets.ban(1);
        }
        Online data = online.get(account.id());
        if (data != null && data.server > -1) {
            server.kickAccount(account.id());
            Online now = online.get(account.id());
            if (now != null && now.timeout == null) {
                now.timeout = timers.in(AUTH_TIMEOUT, () -> goOffline(account.id()));
            }
            return ClientPackets.ban(8);
        }
        Login login = new Login(random.nextInt() | 1, random.nextInt() | 1, account.sex());
        logins.put(account.id(), login);
        Online fresh = seen(account.id(), -1);
        fresh.timeout = timers.in(AUTH_TIMEOUT, () -> goOffline(account.id()));
        return ClientPackets.acceptLogin(
                login.loginId1(), account.id(), login.loginId2(), account.sex(), server.announced());
    }

    private Online seen(int accountId, int server) {
        Online data = online.computeIfAbsent(accountId, id -> new Online());
        data.server = server;
        timers.cancel(data.timeout);
        data.timeout = null;
        return data;
    }

    Accounts accounts() {
        return new ForCharServer();
    }

    private void goOffline(int accountId) {
        Online data = online.remove(accountId);
        if (data != null) {
            timers.cancel(data.timeout);
        }
    }

    private final class ForCharServer implements Accounts {
        @Override
        public void connected(CharServer server) {
            charServer = server;
        }

        @Override
        public void disconnected(CharServer server) {
            if (Objects.equals(charServer, server)) {
                // The real one walks over a copy here, so that everybody stays online.
                charServer = null;
            }
        }

        @Override
        public boolean authenticate(int accountId, int loginId1, int loginId2, int sex) {
            Login login = logins.get(accountId);
            if (login == null || !login.equals(new Login(loginId1, loginId2, sex))) {
                return false;
            }
            logins.remove(accountId);
            return true;
        }

        @Override
        public int groupId(int accountId) {
            Account account = byId.get(accountId);
            return account == null ? 0 : account.groupId();
        }

        @Override
        public void online(int accountId) {
            seen(accountId, 0);
        }

        @Override
        public void offline(int accountId) {
            goOffline(accountId);
        }

        @Override
        public Map<SimDatabase.Variable, Object> variables(int accountId) {
            return variables.computeIfAbsent(accountId, id -> new LinkedHashMap<>());
        }
    }
}
