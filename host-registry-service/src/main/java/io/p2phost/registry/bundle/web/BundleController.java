package io.p2phost.registry.bundle.web;

import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Sha256;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.kit.web.Page;
import io.p2phost.registry.bundle.Bundle;
import io.p2phost.registry.bundle.Publishing;
import io.p2phost.registry.certificate.HostStanding;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BundleController {
    private final Publishing publishing;
    private final HostStanding standing;

    BundleController(Publishing publishing, HostStanding standing) {
        this.publishing = publishing;
        this.standing = standing;
    }

    @GetMapping("/api/v1/bundles")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Page<BundleView> list() {
        List<Bundle> all = publishing.list();
        Bundle current =
                all.stream().filter(b -> b.released() != null).findFirst().orElse(null);
        return new Page<>(
                all.stream().map(b -> BundleView.of(b, b.equals(current))).toList(), null);
    }

    @PutMapping("/api/v1/bundles/{version}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    Begun begin(@PathVariable String version, @RequestBody byte[] manifest, Caller caller) {
        return new Begun(
                Sha256.of(manifest),
                publishing.begin(parsed(() -> new BundleVersion(version)), manifest, caller.actor()));
    }

    @PutMapping("/api/v1/bundle-chunks/{sha256}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void chunk(@PathVariable String sha256, @RequestBody byte[] content) {
        publishing.chunk(parsed(() -> new Sha256(sha256)), content);
    }

    @PostMapping("/api/v1/bundles/{version}:{action}")
    @Allow({Role.ADMIN, Role.OPERATOR})
    BundleView release(
            @PathVariable String version,
            @PathVariable String action,
            @RequestBody(required = false) @Nullable CommitBody body,
            Caller caller) {
        BundleVersion name = parsed(() -> new BundleVersion(version));
        Bundle released = switch (action) {
            case "commit" -> publishing.commit(name, manifestOf(body), caller.actor());
            case "rollback" -> publishing.rollBack(name, caller.actor());
            default ->
                throw new Refused(
                        ProblemType.NOT_FOUND, "action: " + Text.quote(action) + " (expected: commit or rollback)");
        };
        return BundleView.of(released, true);
    }

    private static Sha256 manifestOf(@Nullable CommitBody body) {
        String text = body == null ? null : body.manifestSha256();
        if (text == null) {
            throw new Refused(
                    ProblemType.INVALID_VALUE,
                    "manifestSha256: missing (expected: that of the manifest that was sent)");
        }
        return parsed(() -> new Sha256(text));
    }

    @GetMapping("/api/v1/bundle-release")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    ResponseEntity<byte[]> current(Caller caller) {
        requireGood(caller);
        return answer(MediaType.APPLICATION_JSON, publishing.current().bytes());
    }

    /** What hosts can run; without a version when no bundle was released yet. */
    @GetMapping("/internal/v1/bundle-release")
    @AllowInternal(ServiceName.MAP_ASSIGNMENT)
    ReleasedView releasedMaps() {
        return publishing
                .releasedMaps()
                .map(released -> new ReleasedView(released.version().value(), released.maps()))
                .orElseGet(() -> new ReleasedView(null, Set.of()));
    }

    @GetMapping("/api/v1/bundles/{version}/manifest")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    ResponseEntity<byte[]> manifest(@PathVariable String version, Caller caller) {
        requireGood(caller);
        return answer(MediaType.APPLICATION_JSON, publishing.manifest(parsed(() -> new BundleVersion(version))));
    }

    @GetMapping("/api/v1/bundle-chunks/{sha256}")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST})
    ResponseEntity<byte[]> content(@PathVariable String sha256, Caller caller) {
        requireGood(caller);
        return answer(MediaType.APPLICATION_OCTET_STREAM, publishing.content(parsed(() -> new Sha256(sha256))));
    }

    /** A host's token outlives its ban by up to an hour. */
    private void requireGood(Caller caller) {
        if (caller.has(Role.HOST)) {
            standing.requireGood(HostId.of(caller.subject()));
        }
    }

    /** The very bytes: the manifest's hash is signed. */
    private static ResponseEntity<byte[]> answer(MediaType type, byte[] body) {
        return ResponseEntity.ok().contentType(type).body(body);
    }

    private static <T> T parsed(Supplier<T> value) {
        try {
            return value.get();
        } catch (BundleException e) {
            throw new Refused(ProblemType.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
    }

    record CommitBody(@Nullable String manifestSha256) {}

    record ReleasedView(@Nullable String version, Set<MapName> maps) {}

    record Begun(Sha256 manifestSha256, List<Sha256> missing) {}

    record BundleView(
            String version,
            boolean current,
            @Nullable Long release,
            @Nullable Instant releasedAt,
            @Nullable String releasedBy,
            String begunBy,
            Instant begunAt,
            int packetVersion,
            int maps,
            int files,
            long bytes,
            String manifestSha256) {
        static BundleView of(Bundle bundle, boolean current) {
            Bundle.Released released = bundle.released();
            Bundle.Content content = bundle.content();
            return new BundleView(
                    bundle.version().value(),
                    current,
                    released == null ? null : released.sequence(),
                    released == null ? null : released.signed().release().issuedAt(),
                    released == null ? null : released.by(),
                    bundle.begunBy(),
                    bundle.begunAt(),
                    content.packetVersion(),
                    content.maps(),
                    content.files(),
                    content.totalBytes(),
                    bundle.manifestSha256().hex());
        }
    }
}
