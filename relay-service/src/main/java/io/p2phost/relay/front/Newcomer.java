package io.p2phost.relay.front;

import io.p2phost.contracts.MapName;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Entry;
import io.p2phost.relay.player.Loop;
import io.p2phost.ro.client.Enter;
import java.net.InetAddress;
import java.util.function.Consumer;

/**
 * db-proxy as one connection reaches it. Until its player is in game, its questions are among those of all newcomers, of
 * which there are only so many at once, and so many of one address: whoever is one too many asks again in a second, and
 * players in game do not notice.
 *
 * @param questions shares of the questions
 * @param deferred told of each question that has to wait
 */
record Newcomer(DbProxy dbProxy, Door.Visit visit, InetAddress from, AddressLimits questions, Runnable deferred)
        implements DbProxy {
    @Override
    public void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer) {
        if (visit.inGame() || visit.isAllowed()) {
            dbProxy.enter(loop, enter, clientIp, answer);
        } else if (questions.admit(from).isPresent()) {
            deferred.run();
            loop.execute(() -> answer.accept(new Entry.Silent("too many enter at once")));
        } else {
            dbProxy.enter(loop, enter, clientIp, entry -> {
                questions.release(from);
                answer.accept(entry);
            });
        }
    }

    @Override
    public void restartSeen(Loop loop, int account, long number, Runnable told) {
        dbProxy.restartSeen(loop, account, number, told);
    }

    @Override
    public void walked(Loop loop, int account, long number, MapName map, int x, int y, Consumer<Boolean> taken) {
        dbProxy.walked(loop, account, number, map, x, y, taken);
    }

    @Override
    public void gives(Loop loop, int account, long number, Consumer<Boolean> taken) {
        dbProxy.gives(loop, account, number, taken);
    }

    @Override
    public void gave(int account, long number) {
        dbProxy.gave(account, number);
    }

    @Override
    public void took(int account, long number) {
        dbProxy.took(account, number);
    }

    @Override
    public void gone(int account, long number) {
        dbProxy.gone(account, number);
    }
}
