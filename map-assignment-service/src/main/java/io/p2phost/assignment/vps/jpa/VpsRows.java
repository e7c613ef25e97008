package io.p2phost.assignment.vps.jpa;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface VpsRows extends JpaRepository<VpsRow, String> {
    List<VpsRow> findByRegisteredTrueOrderById();
}
