package io.p2phost.security.verdict.jpa;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.Observation;
import io.p2phost.security.verdict.Judgement;
import io.p2phost.security.verdict.Validation;
import io.p2phost.security.verdict.ValidationStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Repository
class JpaValidationStore implements ValidationStore {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final ValidationRows rows;
    private final JsonMapper json = Json.mapper();

    JpaValidationStore(ValidationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean knows(String observationId) {
        return rows.existsByObservationId(observationId);
    }

    @Override
    public void add(Validation validation) {
        ValidationRow row = new ValidationRow();
        row.validationId = validation.validationId();
        row.observationId = validation.observation().observationId();
        row.hostId = validation.observation().hostId().value();
        row.map = validation.observation().map().value();
        row.evidence = json.writeValueAsString(validation.observation());
        row.outcome = validation.judgement().outcome();
        row.findings = json.writeValueAsString(validation.judgement().findings());
        row.referenceVersion = validation.judgement().referenceVersion();
        row.strikes = validation.strikes();
        row.blacklist = validation.blacklist();
        row.judgedAt = validation.judgedAt();
        rows.save(row);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Validation> find(String validationId) {
        return rows.findByValidationId(validationId).map(this::validation);
    }

    @Override
    @Transactional(readOnly = true)
    public List<Numbered> newest(Filter filter, long below, int limit) {
        String hostId = filter.hostId() == null ? null : filter.hostId().value();
        return rows.newest(below, hostId, filter.outcome(), Limit.of(limit)).stream()
                .map(row -> new Numbered(java.util.Objects.requireNonNull(row.number), validation(row)))
                .toList();
    }

    @Override
    public void review(String validationId, Validation.Review review) {
        rows.findByValidationId(validationId).ifPresent(row -> {
            row.reviewOutcome = review.outcome();
            row.reviewReference = review.referenceVersion();
            row.reviewedAt = review.judgedAt();
        });
    }

    @Override
    @Transactional
    public int removeBefore(Instant time, int limit) {
        return rows.removeBefore(time, limit);
    }

    private Validation validation(ValidationRow row) {
        Judgement judgement = new Judgement(row.outcome, json.readValue(row.findings, TEXTS), row.referenceVersion);
        Validation.Review review = row.reviewOutcome == null || row.reviewReference == null || row.reviewedAt == null
                ? null
                : new Validation.Review(row.reviewOutcome, row.reviewReference, row.reviewedAt);
        return new Validation(
                row.validationId,
                json.readValue(row.evidence, Observation.class),
                judgement,
                row.strikes,
                row.blacklist,
                row.judgedAt,
                review);
    }
}
