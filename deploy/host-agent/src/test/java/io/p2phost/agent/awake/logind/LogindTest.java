package io.p2phost.agent.awake.logind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.awake.Awake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With programs that stand in for those of a desktop: they write down what they are asked. */
@EnabledOnOs(OS.LINUX)
class LogindTest {
    @TempDir
    Path dir;

    private String program(String name, String lines) throws Exception {
        Path file = dir.resolve(name);
        Files.writeString(file, "#!/bin/sh\ncd " + dir + "\n" + lines + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    private String said(String file) throws Exception {
        Path path = dir.resolve(file);
        return Files.exists(path) ? Files.readString(path) : "";
    }

    @Test
    void aLockIsHeldUntilItIsClosed() throws Exception {
        String inhibit = program("inhibit", "echo \"$1 $2 $5\" > asked; cat; echo ended > ended");
        try (Logind logind = new Logind(inhibit, "none")) {
            Awake.Hold hold = logind.stayAwake().orElseThrow();
            await().until(() -> said("asked").equals("--what=idle --mode=block cat\n"));
            assertThat(hold.isHeld()).isTrue();
            hold.close();
            await().until(() -> !hold.isHeld());

            Awake.Hold delay = logind.waitBeforeSleep().orElseThrow();
            await().until(() -> said("asked").equals("--what=sleep --mode=delay cat\n"));
            delay.close();
        }
    }

    @Test
    void withoutTheProgramNothingIsHeld() {
        try (Logind logind = new Logind(dir.resolve("none").toString(), "none")) {
            assertThat(logind.stayAwake()).isEmpty();
        }
    }

    @Test
    void whatTheBusSaysIsHeardUntilItIsClosed() throws Exception {
        String monitor = program("monitor", """
                echo $$ > pid
                echo "Monitoring signals on object /org/freedesktop/login1 owned by org.freedesktop.login1"
                echo "/org/freedesktop/login1: org.freedesktop.login1.Manager.SessionNew ('3', objectpath '/x')"
                echo "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)"
                echo "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)"
                exec sleep 600""");
        List<Boolean> heard = new CopyOnWriteArrayList<>();
        try (Logind logind = new Logind("none", monitor)) {
            logind.listen(heard::add);
            await().until(() -> heard.equals(List.of(true, false)));
        }
        long pid = Long.parseLong(said("pid").strip());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
}
