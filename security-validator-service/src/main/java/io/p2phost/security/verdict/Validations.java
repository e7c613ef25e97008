package io.p2phost.security.verdict;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.VerdictReached;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import io.p2phost.security.reference.Reference;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.annotation.Transactional;

/** Judges observations, each once, and blacklists a host at the configured number of consecutive failures. */
public class Validations {
    private static final Logger log = LoggerFactory.getLogger("security");

    private final Supplier<Reference> reference;
    private final Rates rates;
    private final Ceilings ceilings;
    private final int strikesLimit;
    private final ValidationStore store;
    private final StrikeBook strikes;
    private final VerdictEvents events;
    private final InstantSource clock;
    private final MeterRegistry meters;

    public Validations(
            Supplier<Reference> reference,
            Rates rates,
            Ceilings ceilings,
            int strikesLimit,
            Ports ports,
            MeterRegistry meters) {
        this.reference = reference;
        this.rates = rates;
        this.ceilings = ceilings;
        this.strikesLimit = strikesLimit;
        this.store = ports.store;
        this.strikes = ports.strikes;
        this.events = ports.events;
        this.clock = ports.clock;
        this.meters = meters;
    }

    /** What the use cases stand on. */
    public record Ports(ValidationStore store, StrikeBook strikes, VerdictEvents events, InstantSource clock) {}

    /**
     * Judges an observation. One that was judged before changes nothing.
     *
     * @return the verdict, or empty for a repetition
     * @throws IllegalArgumentException when the observation is not well-formed
     */
    @Transactional
    public Optional<Validation> judge(Observation observation) {
        ObservationRules.check(observation, clock.instant());
        Strikes before = strikes.lock(observation.hostId());
        if (store.knows(observation.observationId())) {
            meters.counter("p2p_security_observations_repeated_total").increment();
            return Optional.empty();
        }
        Judgement judgement = new Judge(reference.get(), rates, ceilings).judge(observation);
        Strikes.Step step = before.after(judgement.outcome(), observation.to(), strikesLimit);
        strikes.save(observation.hostId(), step.next());
        Validation validation = new Validation(
                UUID.randomUUID().toString(),
                observation,
                judgement,
                step.next().count(),
                step.blacklist(),
                clock.instant(),
                null);
        store.add(validation);
        events.reached(verdict(validation), step.next().version());
        count(validation);
        return Optional.of(validation);
    }

    private static VerdictReached verdict(Validation validation) {
        Observation seen = validation.observation();
        return new VerdictReached(
                validation.validationId(),
                seen.observationId(),
                seen.hostId(),
                seen.map(),
                validation.judgement().outcome(),
                validation.strikes(),
                validation.blacklist(),
                validation.judgement().findings());
    }

    private void count(Validation validation) {
        Outcome outcome = validation.judgement().outcome();
        meters.counter("p2p_security_verdicts_total", "outcome", outcome.name()).increment();
        if (outcome == Outcome.FAILED) {
            log.warn(
                    "host {} failed a validation on {} ({} of {}): {}",
                    validation.observation().hostId(),
                    validation.observation().map(),
                    validation.strikes(),
                    strikesLimit,
                    validation.judgement().findings().getFirst());
        }
        if (validation.blacklist()) {
            meters.counter("p2p_security_blacklists_total").increment();
            log.warn("host {} is blacklisted", validation.observation().hostId());
        }
    }

    /** Hears the registry: a host whose blacklisting was lifted starts with a clean slate. */
    @Transactional
    public void hostChanged(HostStateChanged state, long version) {
        Strikes before = strikes.lock(state.hostId());
        Strikes after = before.afterState(state.state(), version);
        if (!after.equals(before)) {
            strikes.save(state.hostId(), after);
            if (before.blacklisted() && !after.blacklisted()) {
                log.info("host {} is no longer blacklisted, its strikes are gone", state.hostId());
            }
        }
    }

    /**
     * Judges the stored evidence of the newest validations again, against the reference of now. Strikes stay as they
     * are: what a host did is judged by what was known then, and an operator lifts a ban.
     */
    @Transactional
    public List<Validation> judgeAgain(ValidationStore.Filter filter, int limit, String actor) {
        Judge judge = new Judge(reference.get(), rates, ceilings);
        List<Validation> reviewed = new ArrayList<>();
        for (ValidationStore.Numbered entry : store.newest(filter, Long.MAX_VALUE, limit)) {
            Validation old = entry.validation();
            Judgement now = judge.judge(old.observation());
            Validation.Review review = new Validation.Review(now.outcome(), now.referenceVersion(), clock.instant());
            store.review(old.validationId(), review);
            if (now.outcome() != old.judgement().outcome()) {
                events.reviewed(
                        old.observation().hostId(),
                        actor,
                        old.validationId(),
                        old.judgement().outcome() + " -> " + now.outcome());
            }
            reviewed.add(new Validation(
                    old.validationId(),
                    old.observation(),
                    old.judgement(),
                    old.strikes(),
                    old.blacklist(),
                    old.judgedAt(),
                    review));
        }
        return reviewed;
    }

    /** The host's strikes; none for a host that nothing was seen of. */
    public Strikes strikesOf(HostId host) {
        return strikes.find(host).orElse(Strikes.NONE);
    }

    public int strikesLimit() {
        return strikesLimit;
    }
}
