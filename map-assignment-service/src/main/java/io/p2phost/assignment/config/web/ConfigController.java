package io.p2phost.assignment.config.web;

import io.p2phost.assignment.conf.ConfFault;
import io.p2phost.assignment.config.ConfigChange;
import io.p2phost.assignment.config.ConfigVersion;
import io.p2phost.assignment.config.EffectiveSetting;
import io.p2phost.assignment.config.InForce;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.config.TierRequirement;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.ProblemException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The operator's files and what they come to. */
@RestController
class ConfigController {
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"?([0-9]{1,9})\"?");
    private static final MediaType TEXT = new MediaType("text", "plain", java.nio.charset.StandardCharsets.UTF_8);

    private final OperatorConfig config;

    ConfigController(OperatorConfig config) {
        this.config = config;
    }

    @GetMapping("/api/v1/config")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    ConfigView effective() {
        InForce now = config.current();
        return new ConfigView(
                now.revision(),
                now.config().settings(),
                now.files().values().stream()
                        .sorted(Comparator.comparing(ConfigVersion::file))
                        .map(v -> new FileView(v.file(), v.version(), v.revision(), v.author(), v.createdAt()))
                        .toList(),
                now.config().warnings());
    }

    @GetMapping("/api/v1/config/{file}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    ResponseEntity<String> text(@PathVariable String file, @RequestParam(required = false) @Nullable Integer version) {
        ConfigVersion found = config.version(file, version)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "file: " + Text.quote(file) + (version == null ? "" : " version " + version)
                                + " (expected: a stored one, see GET /api/v1/config)"));
        return ResponseEntity.ok().contentType(TEXT).eTag(etag(found)).body(found.text());
    }

    @PutMapping("/api/v1/config/{file}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    ResponseEntity<AppliedView> put(
            @PathVariable String file,
            @RequestBody(required = false) @Nullable String text,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            Caller caller) {
        if (text == null) {
            throw new ProblemException(
                    ProblemType.MALFORMED_REQUEST, "the body is missing (expected: the file's text)");
        }
        return switch (config.put(file, text, expectedVersion(ifMatch), caller.actor())) {
            case ConfigChange.Applied applied ->
                ResponseEntity.ok()
                        .eTag(etag(applied.version()))
                        .body(new AppliedView(
                                applied.version().file(),
                                applied.version().version(),
                                applied.version().revision(),
                                applied.warnings()));
            case ConfigChange.Refused refused ->
                throw new ProblemException(
                        ProblemType.INVALID_CONFIGURATION,
                        refused.faults().size() + (refused.faults().size() == 1 ? " fault" : " faults")
                                + "; nothing was changed",
                        Map.of(
                                "errors",
                                refused.faults().stream().map(Fault::of).toList()));
            case ConfigChange.Changed changed ->
                throw new ProblemException(
                        ProblemType.PRECONDITION_FAILED,
                        "If-Match: " + ifMatch + " (expected: \"" + changed.currentVersion() + "\")");
            case ConfigChange.UnknownFile unknown ->
                throw new ProblemException(
                        ProblemType.NOT_FOUND, "file: " + Text.quote(file) + " (expected: " + unknown.expected() + ")");
        };
    }

    @GetMapping("/internal/v1/requirements")
    @AllowInternal(ServiceName.HOST_REGISTRY)
    Requirements requirements() {
        InForce now = config.current();
        return new Requirements(
                now.revision(), now.config().tiers(), now.config().maxLatencyMs());
    }

    private static @Nullable Integer expectedVersion(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return null;
        }
        Matcher matcher = ETAG.matcher(ifMatch);
        if (!matcher.matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "If-Match: " + Text.quote(ifMatch) + " (expected: a version in quotes)");
        }
        return Integer.valueOf(matcher.group(1));
    }

    private static String etag(ConfigVersion version) {
        return "\"" + version.version() + "\"";
    }

    record ConfigView(long revision, List<EffectiveSetting> settings, List<FileView> files, List<String> warnings) {}

    record FileView(String file, int version, long revision, String author, Instant createdAt) {}

    record AppliedView(String file, int version, long revision, List<String> warnings) {}

    record Requirements(long version, List<TierRequirement> tiers, int maxLatencyMs) {}

    record Fault(String file, int line, String message) {
        static Fault of(ConfFault fault) {
            return new Fault(fault.file(), fault.line(), fault.message());
        }
    }
}
