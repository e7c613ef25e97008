package io.p2phost.gateway.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.gateway.door.KeyIssuer.Issued;
import io.p2phost.gateway.door.KeyIssuer.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens for API keys, remembered by the key's SHA-256. A revoked key works for as long as an answer is
 * remembered and not a moment longer: a registry that cannot be asked means no answer, not an old one. Many requests
 * with one unknown key ask the registry once.
 */
public final class KeyExchange {
    /** How soon before its end a token is no longer handed out. */
    private static final Duration SPARE = Duration.ofSeconds(10);

    private final KeyIssuer issuer;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Cache<String, Answer> answers;
    private final Map<String, CompletableFuture<Answer>> underWay = new ConcurrentHashMap<>();

    /**
     * Settings of the memory.
     *
     * @param remember how long an accepted key is believed; the time in which a revocation bites
     * @param rememberRefused how long a refused key is refused without asking
     * @param most keys remembered at once, refused ones included
     */
    public record Settings(Duration remember, Duration rememberRefused, int most) {}

    public KeyExchange(KeyIssuer issuer, Settings settings, InstantSource clock, Ticker ticker, MeterRegistry meters) {
        this.issuer = issuer;
        this.clock = clock;
        this.meters = meters;
        this.answers = Caffeine.newBuilder()
                .maximumSize(settings.most)
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Answer>creating((key, answer) -> lifetime(answer, settings)))
                .build();
        meters.gauge("p2p_gateway_keys_remembered", answers, cache -> cache.estimatedSize());
    }

    /**
     * The access token for a key; empty when the key is not accepted.
     *
     * @throws UnavailableException when the registry could not be asked
     */
    public Optional<String> tokenFor(String apiKey) throws UnavailableException {
        String hash = hash(apiKey);
        Answer known = answers.getIfPresent(hash);
        if (known != null) {
            return Optional.ofNullable(known.token());
        }
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> others = underWay.putIfAbsent(hash, mine);
        if (others != null) {
            return Optional.ofNullable(await(others).token());
        }
        try {
            // Whoever asked before may have ended between the two looks.
            Answer meanwhile = answers.getIfPresent(hash);
            Answer answer = meanwhile == null ? ask(apiKey) : meanwhile;
            if (meanwhile == null) {
                answers.put(hash, answer);
            }
            mine.complete(answer);
            return Optional.ofNullable(answer.token());
        } catch (UnavailableException | RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(hash, mine);
        }
    }

    /** Whether the key's answer is remembered, so that asking costs nothing. */
    public boolean remembers(String apiKey) {
        return answers.getIfPresent(hash(apiKey)) != null;
    }

    private Answer ask(String apiKey) throws UnavailableException {
        try {
            Answer answer = issuer.issue(apiKey).map(Answer::of).orElse(Answer.REFUSED);
            count(answer.issued == null ? "refused" : "accepted");
            return answer;
        } catch (UnavailableException e) {
            count("unavailable");
            throw e;
        }
    }

    private static Answer await(CompletableFuture<Answer> others) throws UnavailableException {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw new UnavailableException(
                    e.getCause() instanceof UnavailableException u
                            ? String.valueOf(u.getMessage())
                            : "the exchange of the key failed");
        }
    }

    private Duration lifetime(Answer answer, Settings settings) {
        if (answer.issued == null) {
            return settings.rememberRefused;
        }
        Duration left =
                Duration.between(clock.instant(), answer.issued.expiresAt()).minus(SPARE);
        Duration shorter = left.compareTo(settings.remember) < 0 ? left : settings.remember;
        return shorter.isNegative() ? Duration.ZERO : shorter;
    }

    private void count(String result) {
        meters.counter("p2p_gateway_key_exchanges_total", "result", result).increment();
    }

    private static String hash(String apiKey) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(apiKey.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Answer(@Nullable Issued issued) {
        static final Answer REFUSED = new Answer(null);

        static Answer of(Issued issued) {
            return new Answer(issued);
        }

        @Nullable
        String token() {
            return issued == null ? null : issued.token();
        }
    }
}
