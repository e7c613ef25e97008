package io.p2phost.ro.sim;

import java.util.Map;

/** What a login-server does for a char-server. */
interface Accounts {
    /** The char-server logins lead to. */
    interface CharServer {
        /** Another login to the account: whoever plays it is to go. */
        void kickAccount(int accountId);

        Endpoint announced();
    }

    void connected(CharServer charServer);

    void disconnected(CharServer charServer);

    /** Whether these ids were given at the account's last login; true only once. */
    boolean authenticate(int accountId, int loginId1, int loginId2, int sex);

    int groupId(int accountId);

    void online(int accountId);

    void offline(int accountId);

    Map<SimDatabase.Variable, Object> variables(int accountId);
}
