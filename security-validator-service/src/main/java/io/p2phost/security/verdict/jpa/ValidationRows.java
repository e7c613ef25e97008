package io.p2phost.security.verdict.jpa;

import io.p2phost.contracts.event.VerdictReached.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

interface ValidationRows extends Repository<ValidationRow, Long> {
    boolean existsByObservationId(String observationId);

    ValidationRow save(ValidationRow row);

    Optional<ValidationRow> findByValidationId(String validationId);

    @Query("select r from ValidationRow r where r.number < :below"
            + " and (:hostId is null or r.hostId = :hostId)"
            + " and (:outcome is null or r.outcome = :outcome) order by r.number desc")
    List<ValidationRow> newest(
            @Param("below") long below,
            @Param("hostId") @Nullable String hostId,
            @Param("outcome") @Nullable Outcome outcome,
            Limit limit);

    @Modifying
    @Query(
            nativeQuery = true,
            value = "delete from validations where number in"
                    + " (select number from validations where judged_at < :time order by number limit :atMost)")
    int removeBefore(@Param("time") Instant time, @Param("atMost") int atMost);
}
