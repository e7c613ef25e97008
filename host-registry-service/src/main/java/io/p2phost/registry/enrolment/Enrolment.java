package io.p2phost.registry.enrolment;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.audit.AuditTrail;
import io.p2phost.registry.crypto.HostKey;
import io.p2phost.registry.crypto.Sealer;
import io.p2phost.registry.refusal.Refused;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/** Gives out one-time codes and turns the machine that redeems one into a host. */
public class Enrolment {
    /** No 0, 1, I, L, O, U: none can be taken for another, none spells a word. */
    static final String ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final String PURPOSE = "enrolment code";
    private static final int MAX_CODE = 64;
    private static final int MAX_NAME = 64;
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");

    private final EnrolmentCodes codes;
    private final NewHosts hosts;
    private final AuditTrail audit;
    private final Sealer sealer;
    private final EnrolmentPolicy policy;
    private final InstantSource clock;
    private final SecureRandom random;

    public Enrolment(
            EnrolmentCodes codes,
            NewHosts hosts,
            AuditTrail audit,
            Sealer sealer,
            EnrolmentPolicy policy,
            InstantSource clock,
            SecureRandom random) {
        this.codes = codes;
        this.hosts = hosts;
        this.audit = audit;
        this.sealer = sealer;
        this.policy = policy;
        this.clock = clock;
        this.random = random;
    }

    /** Makes a code for one machine of an account. */
    @Transactional
    public IssuedCode issue(long accountId, String label, String actor) {
        if (accountId < 1) {
            throw invalid("accountId: " + accountId + " (expected: >= 1)");
        }
        requireText("label", label);
        hosts.lockAccount(accountId);
        requireFreePlace(accountId);
        Instant now = clock.instant();
        if (codes.countOpen(accountId, now) >= policy.maxOpenCodesPerAccount()) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    "accountId: " + accountId + " has " + policy.maxOpenCodesPerAccount()
                            + " open codes (expected: fewer; they expire within " + policy.codeLifetime() + ")");
        }
        String code = newCode();
        EnrolmentCode stored = new EnrolmentCode(
                UUID.randomUUID(),
                hashOf(code),
                accountId,
                label,
                actor,
                now,
                now.plus(policy.codeLifetime()),
                null,
                null);
        codes.add(stored);
        audit.record(
                actor,
                "enrolment.create",
                "enrolment:" + stored.id(),
                Map.of("accountId", Long.toString(accountId), "label", label));
        return new IssuedCode(stored, code);
    }

    /**
     * Makes the machine that proves possession of its key a host. The code is used up only if everything is in order.
     *
     * @param proof base64 of the Ed25519 signature over the code as it was sent
     */
    @Transactional
    public HostId redeem(String code, String publicKey, String proof, String name, String region) {
        EnrolmentCode stored = find(code);
        Instant now = clock.instant();
        if (!stored.openAt(now)) {
            throw gone();
        }
        requireText("name", name);
        if (!REGION.matcher(region).matches()) {
            throw invalid("region: " + Text.quote(region) + " (expected: 1 to 32 letters, digits, _ -)");
        }
        HostKey key = provenKey(publicKey, proof, code);
        hosts.lockAccount(stored.accountId());
        hosts.lockKey(key);
        if (hosts.isTaken(key)) {
            throw new Refused(
                    ProblemType.CONFLICT, "publicKey: belongs to a host already (expected: a key of its own per host)");
        }
        requireFreePlace(stored.accountId());
        HostId host = HostId.random();
        // The conditional update decides between several that redeem one code at once.
        if (!codes.use(stored.id(), host, now)) {
            throw gone();
        }
        hosts.enrol(host, stored.accountId(), stored.label(), new NewHosts.Machine(key, name, region));
        audit.record(
                "host:" + host,
                "enrolment.redeem",
                "enrolment:" + stored.id(),
                Map.of("accountId", Long.toString(stored.accountId()), "name", name));
        return host;
    }

    @Transactional(readOnly = true)
    public List<EnrolmentCode> list(@Nullable UUID afterId, int limit) {
        return codes.list(afterId, limit);
    }

    private EnrolmentCode find(String code) {
        if (code.length() > MAX_CODE) {
            throw unknown();
        }
        return codes.byHash(hashOf(code)).orElseThrow(Enrolment::unknown);
    }

    private HostKey provenKey(String publicKey, String proof, String code) {
        HostKey key;
        byte[] signature;
        try {
            key = HostKey.parse(publicKey);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        try {
            signature = Base64.getDecoder().decode(proof);
        } catch (IllegalArgumentException e) {
            throw invalid("proof: (expected: base64 of an Ed25519 signature)");
        }
        if (!key.verifies(code.getBytes(StandardCharsets.UTF_8), signature)) {
            throw new Refused(
                    ProblemType.UNPROCESSABLE,
                    "proof: does not fit (expected: the public key's signature over the code's UTF-8 text)");
        }
        return key;
    }

    private void requireFreePlace(long accountId) {
        if (hosts.countOfAccount(accountId) >= policy.maxHostsPerAccount()) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    "accountId: " + accountId + " has " + policy.maxHostsPerAccount()
                            + " hosts (expected: fewer; p2p.registry.enrolment.max-hosts-per-account)");
        }
    }

    private String newCode() {
        StringBuilder code = new StringBuilder(policy.codeLength());
        for (int i = 0; i < policy.codeLength(); i++) {
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    /** Codes are found whether they were typed in capitals or not; the proof is over what was typed. */
    private CodeHash hashOf(String code) {
        return CodeHash.of(sealer.keyedHash(PURPOSE, code.toUpperCase(Locale.ROOT)));
    }

    private static void requireText(String name, String value) {
        if (value.isBlank() || value.length() > MAX_NAME || value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(name + ": " + Text.quote(value) + " (expected: 1 to " + MAX_NAME + " printable characters)");
        }
    }

    private static Refused unknown() {
        return new Refused(ProblemType.NOT_FOUND, "the enrolment code is not known");
    }

    private static Refused gone() {
        return new Refused(ProblemType.GONE, "the enrolment code was used or has expired (expected: a fresh one)");
    }

    private static Refused invalid(String detail) {
        return new Refused(ProblemType.INVALID_VALUE, detail);
    }
}
