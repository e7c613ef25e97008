package io.p2phost.agent.machine.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OshiMachineTest {
    private final OshiMachine machine = new OshiMachine(URI.create("http://127.0.0.1:8080"), System::nanoTime);

    @Test
    @EnabledOnOs(OS.LINUX)
    void coresAndMemoryAreWhatTheKernelSays() throws Exception {
        Set<String> cores = new HashSet<>();
        String physicalId = "0";
        int logical = 0;
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (line.startsWith("processor")) {
                logical++;
            } else if (line.startsWith("physical id")) {
                physicalId = value;
            } else if (line.startsWith("core id")) {
                cores.add(physicalId + "/" + value);
            }
        }
        long memoryKb = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();

        Capability capability = machine.capability();
        assertThat(capability.cpuCores()).isEqualTo(cores.isEmpty() ? logical : cores.size());
        assertThat(capability.ramGb()).isEqualTo(Math.floor(memoryKb * 1024 / 1e8) / 10);
        assertThat(capability.cpuGhz()).isBetween(0.1, 10.0);
        assertThat(capability.networkMbps()).isBetween(0.0, 100_000.0);
        assertThat(capability.os()).isNotBlank();
    }

    @Test
    void loadIsInPercentOfTheWholeMachine() {
        Load load = machine.load();
        assertThat(load.cpuPercent()).isBetween(0.0, 100.0);
        assertThat(load.memoryPercent()).isBetween(0.1, 100.0);
        assertThat(load.networkPercent()).isBetween(0.0, 100.0);
    }

    @Test
    void busyThreadIsSeen() {
        machine.load();
        long until = System.nanoTime() + 500_000_000L;
        long spins = 0;
        while (System.nanoTime() < until) {
            spins++;
        }
        assertThat(spins).isPositive();
        double oneCore = 100.0 / Runtime.getRuntime().availableProcessors();
        assertThat(machine.load().cpuPercent()).isGreaterThan(oneCore / 2);
    }
}
