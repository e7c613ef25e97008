package io.p2phost.dbproxy.engine.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.engine.Saved;
import io.p2phost.dbproxy.sessions.JournalRows;
import io.p2phost.kit.outbox.Audit;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.CharStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was saved of players and is not known to be in the char-server's database. Acting on it is audited. */
@RestController
class JournalController {
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final int MOST = 200;
    private static final int LONGEST_REASON = 200;

    private final JournalRows rows;
    private final Saved saved;
    private final Audit audit;
    private final BuildLayout layout;

    JournalController(JournalRows rows, Saved saved, Audit audit, BuildLayout layout) {
        this.rows = rows;
        this.saved = saved;
        this.audit = audit;
        this.layout = layout;
    }

    @GetMapping("/api/v1/journal")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Journal journal(@RequestParam(defaultValue = "50") int limit) {
        JournalRows.Summary all = rows.summary(bounded(limit));
        return new Journal(
                all.entries(),
                all.bytes(),
                all.oldest(),
                saved.notStoredSince().orElse(null),
                all.aside(),
                all.characters());
    }

    /** Names and belongings: not for those who may only look. */
    @GetMapping("/api/v1/journal/{characterId}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    CharacterJournal of(@PathVariable int characterId, @RequestParam(defaultValue = "50") int limit) {
        return new CharacterJournal(
                characterId,
                rows.of(characterId, bounded(limit)).stream().map(this::entry).toList());
    }

    @PostMapping("/api/v1/journal/{characterId}:release")
    @Allow({Role.ADMIN, Role.OPERATOR})
    Done release(@PathVariable int characterId, Caller caller) {
        note(caller, "journal.release", characterId, Map.of());
        return new Done(Answers.within(ANSWER, saved.release(characterId).orElseThrow(Answers::busy)));
    }

    /** For good: the character goes on with what the char-server has. */
    @PostMapping("/api/v1/journal/{characterId}:discard")
    @Allow({Role.ADMIN, Role.OPERATOR})
    Done discard(@PathVariable int characterId, @RequestBody Discard body, Caller caller) {
        if (body.reason == null || body.reason.isBlank() || body.reason.length() > LONGEST_REASON) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "reason: (expected: 1 to " + LONGEST_REASON + " characters)");
        }
        note(caller, "journal.discard", characterId, Map.of("reason", body.reason));
        return new Done(Answers.within(ANSWER, saved.discard(characterId).orElseThrow(Answers::busy)));
    }

    private void note(Caller caller, String action, int characterId, Map<String, String> detail) {
        audit.record(caller.actor(), action, "character:" + characterId, "asked", detail);
    }

    private static int bounded(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new ProblemException(ProblemType.INVALID_VALUE, "limit: " + limit + " (expected: 1 to " + MOST + ")");
        }
        return limit;
    }

    private Entry entry(JournalRows.Row row) {
        List<Packet> packets = row.group().packets();
        return new Entry(
                row.sequence(),
                row.group().account(),
                row.writtenAt(),
                packets.stream()
                        .map(packet -> String.format("%04x", packet.id()))
                        .toList(),
                packets.stream()
                        .filter(packet -> packet.id() == MapToChar.SAVE_CHARACTER)
                        .findFirst()
                        .map(packet -> SavedCharacter.of(new SaveCharacter(packet).status(layout)))
                        .orElse(null));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Journal(
            long entries,
            long bytes,
            @Nullable Instant oldest,
            @Nullable Instant notStoredSince,
            long aside,
            List<JournalRows.Waiting> characters) {}

    record CharacterJournal(int characterId, List<Entry> entries) {}

    /** @param packets their ids, in order */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            long sequence,
            int accountId,
            Instant writtenAt,
            List<String> packets,
            @Nullable SavedCharacter record) {}

    /** What a group's character was saved as. */
    record SavedCharacter(
            String name, int baseLevel, int jobLevel, long baseExp, long jobExp, int zeny, String map, int x, int y) {
        static SavedCharacter of(CharStatus status) {
            return new SavedCharacter(
                    status.name(),
                    status.baseLevel(),
                    status.jobLevel(),
                    status.baseExp(),
                    status.jobExp(),
                    status.zeny(),
                    status.lastPoint().map(),
                    status.lastPoint().x(),
                    status.lastPoint().y());
        }
    }

    record Discard(@Nullable String reason) {}

    /** @param found whether anything waited */
    record Done(boolean found) {}
}
