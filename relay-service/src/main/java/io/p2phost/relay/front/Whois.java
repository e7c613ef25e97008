package io.p2phost.relay.front;

import io.netty.util.NetUtil;
import io.p2phost.relay.player.PlayerView;
import io.p2phost.relay.player.Players;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Which player is behind an account or behind an address of 127.64.0.0/10, which is all that map-servers and their logs know
 * of him. No table is kept: an address is computed for each player who is here, as it was when he was connected.
 */
public final class Whois {
    private static final int IPV4_BYTES = 4;

    private final Players players;
    private final SourceAddresses sources;

    public Whois(Players players, SourceAddresses sources) {
        this.players = players;
        this.sources = sources;
    }

    /** A player and the address that map-servers see. */
    public record Found(PlayerView player, String sourceAddress) {}

    /**
     * Asks.
     *
     * @param whom an account's number, or an address of 127.64.0.0/10
     * @return empty when it is neither; else completes with those who are here: two accounts may share an address
     */
    public Optional<CompletableFuture<List<Found>>> ask(String whom, Duration within) {
        if (whom.matches("[1-9]\\d{0,9}")) {
            long account = Long.parseLong(whom);
            return Optional.of(found(account > Integer.MAX_VALUE ? List.of() : List.of((int) account), within));
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(whom);
        if (bytes == null || bytes.length != IPV4_BYTES) {
            return Optional.empty();
        }
        int address = ByteBuffer.wrap(bytes).getInt();
        if (!SourceAddresses.isOne(address)) {
            return Optional.empty();
        }
        return Optional.of(found(
                players.accounts().stream()
                        .filter(account -> sources.of(account) == address)
                        .toList(),
                within));
    }

    private CompletableFuture<List<Found>> found(List<Integer> accounts, Duration within) {
        List<CompletableFuture<Optional<PlayerView>>> asked =
                accounts.stream().map(players::about).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(all -> asked.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .map(view -> new Found(view, SourceAddresses.text(sources.of(view.account()))))
                        .toList());
    }
}
