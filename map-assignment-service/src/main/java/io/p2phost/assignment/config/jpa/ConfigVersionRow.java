package io.p2phost.assignment.config.jpa;

import io.p2phost.assignment.config.ConfigVersion;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "config_versions")
class ConfigVersionRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private long revision;

    private String file = "";
    private int version;
    private String text = "";
    private String author = "";

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    protected ConfigVersionRow() {}

    ConfigVersionRow(String file, int version, String text, String author, Instant createdAt) {
        this.file = file;
        this.version = version;
        this.text = text;
        this.author = author;
        this.createdAt = createdAt;
    }

    ConfigVersion toVersion() {
        return new ConfigVersion(revision, file, version, text, author, createdAt);
    }
}
