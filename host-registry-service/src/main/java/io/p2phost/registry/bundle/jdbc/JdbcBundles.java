package io.p2phost.registry.bundle.jdbc;

import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import io.p2phost.registry.bundle.Bundle;
import io.p2phost.registry.bundle.Bundles;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcBundles implements Bundles {
    private static final long LOCK = 0x7032_7062_756eL;
    private static final String COLUMNS =
            "version, manifest_sha256, packet_version, maps, files, total_bytes, begun_by,"
                    + " begun_at, released_by, signed_release";

    private final JdbcClient jdbc;

    JdbcBundles(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void lock() {
        jdbc.sql("select pg_advisory_xact_lock(?)")
                .params(LOCK)
                .query((row, n) -> "")
                .single();
    }

    @Override
    public Optional<Bundle> byVersion(BundleVersion version) {
        return jdbc.sql("select " + COLUMNS + " from bundles where version = ?")
                .params(version.value())
                .query((row, n) -> read(row))
                .optional();
    }

    @Override
    public List<Bundle> all() {
        return jdbc.sql("select " + COLUMNS
                        + " from bundles order by sequence desc nulls first, begun_at desc, version")
                .query((row, n) -> read(row))
                .list();
    }

    private static Bundle read(ResultSet row) throws SQLException {
        byte[] signed = row.getBytes("signed_release");
        return new Bundle(
                new BundleVersion(row.getString("version")),
                new Sha256(row.getString("manifest_sha256")),
                new Bundle.Content(
                        row.getInt("packet_version"),
                        row.getInt("maps"),
                        row.getInt("files"),
                        row.getLong("total_bytes")),
                row.getString("begun_by"),
                row.getTimestamp("begun_at").toInstant(),
                signed == null ? null : new Bundle.Released(SignedRelease.read(signed), row.getString("released_by")));
    }

    @Override
    public Optional<SignedRelease> current() {
        return jdbc.sql("select signed_release from bundles where sequence is not null order by sequence desc limit 1")
                .query((row, n) -> SignedRelease.read(row.getBytes(1)))
                .optional();
    }

    @Override
    public Optional<byte[]> releasedManifest(BundleVersion version) {
        return jdbc.sql("select manifest from bundles where version = ? and sequence is not null")
                .params(version.value())
                .query((row, n) -> row.getBytes(1))
                .optional();
    }

    @Override
    public void begin(Bundle bundle, Manifest manifest, byte[] manifestBytes) {
        jdbc.sql("delete from bundles where version = ? and sequence is null")
                .params(bundle.version().value())
                .update();
        Bundle.Content content = bundle.content();
        jdbc.sql("insert into bundles (version, manifest, manifest_sha256, packet_version, maps, files, total_bytes,"
                        + " begun_by, begun_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        bundle.version().value(),
                        manifestBytes,
                        bundle.manifestSha256().hex(),
                        content.packetVersion(),
                        content.maps(),
                        content.files(),
                        content.totalBytes(),
                        bundle.begunBy(),
                        Timestamp.from(bundle.begunAt()))
                .update();
        Map<Sha256, Integer> pieces = new LinkedHashMap<>();
        for (BundleFile file : manifest.files()) {
            for (int i = 0; i < file.chunks().size(); i++) {
                pieces.put(file.chunks().get(i), file.chunkBytes(i));
            }
        }
        // One statement whatever the number of pieces.
        jdbc.sql("insert into bundle_chunk_uses (version, sha256, bytes) select :version, decode(name, 'hex'), bytes"
                        + " from unnest(string_to_array(:names, ','), string_to_array(:bytes, ',')::int[]) as"
                        + " pieces (name, bytes)")
                .param("version", bundle.version().value())
                .param("names", pieces.keySet().stream().map(Sha256::hex).collect(Collectors.joining(",")))
                .param("bytes", pieces.values().stream().map(String::valueOf).collect(Collectors.joining(",")))
                .update();
    }

    @Override
    public void release(Bundle bundle) {
        Bundle.Released released = Objects.requireNonNull(bundle.released());
        jdbc.sql(
                        "update bundles set sequence = ?, released_by = ?, issued_at = ?, signed_release = ? where version = ?")
                .params(
                        released.sequence(),
                        released.by(),
                        Timestamp.from(released.signed().release().issuedAt()),
                        released.signed().bytes(),
                        bundle.version().value())
                .update();
    }

    @Override
    public void remove(BundleVersion version) {
        jdbc.sql("delete from bundles where version = ?")
                .params(version.value())
                .update();
    }

    @Override
    public List<Sha256> missing(BundleVersion version) {
        return jdbc.sql("select encode(u.sha256, 'hex') from bundle_chunk_uses u"
                        + " left join bundle_chunks c on c.sha256 = u.sha256 and octet_length(c.content) = u.bytes"
                        + " where u.version = ? and c.sha256 is null order by u.sha256")
                .params(version.value())
                .query((row, n) -> new Sha256(row.getString(1)))
                .list();
    }

    @Override
    public boolean addChunk(Sha256 name, byte[] content, Instant now) {
        byte[] key = HexFormat.of().parseHex(name.hex());
        boolean named = jdbc.sql("select exists(select 1 from bundle_chunk_uses where sha256 = ? and bytes = ?)")
                .params(key, content.length)
                .query(Boolean.class)
                .single();
        if (named) {
            jdbc.sql("insert into bundle_chunks (sha256, content, stored_at) values (?, ?, ?) on conflict do nothing")
                    .params(key, content, Timestamp.from(now))
                    .update();
        }
        return named;
    }

    @Override
    public Optional<byte[]> chunk(Sha256 name) {
        return jdbc.sql("select content from bundle_chunks where sha256 = ?")
                .params((Object) HexFormat.of().parseHex(name.hex()))
                .query((row, n) -> row.getBytes(1))
                .optional();
    }

    @Override
    public long namedBytes() {
        return jdbc.sql(
                        "select coalesce(sum(bytes), 0) from (select distinct sha256, bytes from bundle_chunk_uses) named")
                .query(Long.class)
                .single();
    }

    @Override
    public Kept kept() {
        return jdbc.sql("select v.releases, v.drafts, c.chunks, c.bytes from"
                        + " (select count(sequence) releases, count(*) - count(sequence) drafts from bundles) v,"
                        + " (select count(*) chunks, coalesce(sum(octet_length(content)), 0) bytes"
                        + " from bundle_chunks) c")
                .query((row, n) -> new Kept(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .single();
    }

    @Override
    public int removeUnnamedChunks() {
        return jdbc.sql("delete from bundle_chunks c"
                        + " where not exists (select 1 from bundle_chunk_uses u where u.sha256 = c.sha256)")
                .update();
    }
}
