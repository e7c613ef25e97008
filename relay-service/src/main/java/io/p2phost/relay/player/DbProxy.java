package io.p2phost.relay.player;

import io.p2phost.contracts.MapName;
import io.p2phost.ro.client.Enter;
import java.util.function.Consumer;

/** What players need of db-proxy. No call blocks or throws; answers come on the loop of whoever asked. */
public interface DbProxy {
    /** Asks whether a player may enter, and where. */
    void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer);

    /** He asked for character select: {@code told} runs once db-proxy knows, or cannot be told. */
    void restartSeen(Loop loop, int account, long number, Runnable told);

    /**
     * His server of the VPS has taken him to another map, which a host serves, and he was not told yet. {@code taken} says
     * whether he goes on there: then his server is left, and an order to move him follows.
     */
    void walked(Loop loop, int account, long number, MapName map, int x, int y, Consumer<Boolean> taken);

    /**
     * He is about to give something to others: {@code taken} says whether his wish may go on to his map-server, because
     * db-proxy knows of it.
     */
    void gives(Loop loop, int account, long number, Consumer<Boolean> taken);

    /** He has given it, or nothing came of it. A word that is lost costs a moment. */
    void gave(int account, long number);

    /** He has taken what another player had dropped. */
    void took(int account, long number);

    /** His own connection ended, and not because he was moved. Repeated until db-proxy took it or it is too old. */
    void gone(int account, long number);
}
