package io.p2phost.assignment.config.jpa;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ConfigVersionRows extends JpaRepository<ConfigVersionRow, Long> {
    @Query("select coalesce(max(r.revision), 0) from ConfigVersionRow r")
    long revision();

    @Query("select r from ConfigVersionRow r where r.version ="
            + " (select max(n.version) from ConfigVersionRow n where n.file = r.file)")
    List<ConfigVersionRow> newest();

    Optional<ConfigVersionRow> findByFileAndVersion(String file, int version);
}
