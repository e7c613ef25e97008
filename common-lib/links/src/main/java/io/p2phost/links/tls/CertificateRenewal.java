package io.p2phost.links.tls;

import io.p2phost.contracts.ServiceName;
import io.p2phost.links.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service's link certificate fresh: a new key and certificate at the start and at two thirds of each one's
 * life; while the issuer does not give one, it asks again with backoff, for ever. Until the first one has come, the
 * {@link RotatingTls} is empty and links are turned away.
 */
public final class CertificateRenewal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CertificateRenewal.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration MAX_RETRY = Duration.ofSeconds(30);
    private static final Duration MIN_WAIT = Duration.ofSeconds(1);

    private final ServiceName service;
    private final List<String> addresses;
    private final Issuer issuer;
    private final RotatingTls tls;
    private final InstantSource clock;
    private final Backoff backoff = new Backoff(FIRST_RETRY, MAX_RETRY, new Random());
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile String lastFailure = "not asked yet";
    private @Nullable Thread thread;

    /** Signs requests; the registry. */
    @FunctionalInterface
    public interface Issuer {
        /** The signed certificate for a PEM request; any runtime exception is a refusal and retried. */
        Issued issue(String csrPem);
    }

    /**
     * What an issuer gives.
     *
     * @param certificate PEM, own certificate first
     * @param caBundle PEM of the CA certificates to trust
     */
    public record Issued(String certificate, String caBundle) {}

    /**
     * Prepares the renewal.
     *
     * @param addresses DNS names and IPv4 addresses for the certificate
     */
    public CertificateRenewal(
            ServiceName service, List<String> addresses, Issuer issuer, RotatingTls tls, InstantSource clock) {
        this.service = service;
        this.addresses = List.copyOf(addresses);
        this.issuer = issuer;
        this.tls = tls;
        this.clock = clock;
    }

    /** Begins on a virtual thread; does not wait for the first certificate. */
    public void start() {
        thread = Thread.ofVirtual().name("certificate-renewal").start(this::run);
    }

    /** Empty while the service holds a valid certificate, else one sentence why not. */
    public Optional<String> problem() {
        if (!tls.isLoaded()) {
            return Optional.of("no link certificate: " + lastFailure);
        }
        Instant notAfter = tls.material().notAfter();
        return clock.instant().isBefore(notAfter)
                ? Optional.empty()
                : Optional.of("the link certificate expired at " + notAfter + ": " + lastFailure);
    }

    private void run() {
        try {
            Duration wait = Duration.ZERO;
            while (!stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                wait = renew();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries once; returns how long to wait until the next time. */
    Duration renew() {
        try {
            CertificateRequest request = CertificateRequest.create(service.id(), addresses);
            TlsMaterial material = material(request, issuer.issue(request.pem()));
            tls.replace(material);
            backoff.reset();
            lastFailure = "renewal is due";
            log.info("link certificate until {}", material.notAfter());
            Duration life = Duration.between(clock.instant(), material.notAfter());
            Duration wait = life.multipliedBy(2).dividedBy(3);
            return wait.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : wait;
        } catch (RuntimeException e) {
            lastFailure = String.valueOf(e.getMessage());
            log.warn("no link certificate yet, asking again: {}", lastFailure);
            return Duration.ofMillis(backoff.nextMillis());
        }
    }

    private TlsMaterial material(CertificateRequest request, Issued issued) {
        TlsMaterial material = TlsMaterial.of(request.key(), issued.certificate(), issued.caBundle());
        if (!material.chain().getFirst().getPublicKey().equals(request.publicKey())) {
            throw new IllegalArgumentException("certificate: for another key (expected: for the one in the request)");
        }
        Optional<PeerIdentity> identity = PeerIdentity.of(material.chain().getFirst());
        if (!identity.equals(Optional.of(new PeerIdentity.Service(service)))) {
            throw new IllegalArgumentException(
                    "certificate: for " + identity + " (expected: " + PeerIdentity.SERVICE_URN + service.id() + ")");
        }
        if (!clock.instant().isBefore(material.notAfter())) {
            throw new IllegalArgumentException(
                    "certificate: expired at " + material.notAfter() + " (expected: later than now)");
        }
        return material;
    }

    @Override
    public void close() {
        stopped.countDown();
        if (thread != null) {
            thread.interrupt();
        }
    }
}
