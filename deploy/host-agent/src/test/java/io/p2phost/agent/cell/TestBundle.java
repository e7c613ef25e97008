package io.p2phost.agent.cell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** An unpacked bundle whose map-server is a shell script. */
final class TestBundle {
    static final String SCRIPT = "npc/mobs/field.txt";

    private TestBundle() {}

    static Path write(Path directory, String mapServer) throws Exception {
        Map<String, String> files = new TreeMap<>(Map.of(
                "map-server",
                "#!/bin/sh\n" + mapServer + "\n",
                SCRIPT,
                "// monsters\n",
                "npc/pre-re/scripts_main.conf",
                "npc: npc/other/everything.txt\n",
                "conf/motd.txt",
                "Welcome!\n",
                "conf/packet_athena.conf",
                "enable_ip_rules: yes\n",
                "db/map_index.txt",
                "prt_fild08 1\n"));
        StringBuilder entries = new StringBuilder();
        for (Map.Entry<String, String> file : files.entrySet()) {
            byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, bytes);
            entries.append(entries.isEmpty() ? "" : ",")
                    .append("{\"path\":\"%s\",\"size\":%d,\"sha256\":\"%s\",\"executable\":false,\"chunks\":[]}"
                            .formatted(
                                    file.getKey(),
                                    bytes.length,
                                    HexFormat.of()
                                            .formatHex(MessageDigest.getInstance("SHA-256")
                                                    .digest(bytes))));
        }
        Files.setPosixFilePermissions(directory.resolve("map-server"), PosixFilePermissions.fromString("rwxr-xr-x"));
        manifest(directory, "map-server", SCRIPT, entries.toString());
        return directory;
    }

    static void manifest(Path directory, String server, String script, String entries) throws IOException {
        Files.writeString(directory.resolve(Bundle.MANIFEST), """
                {"format":1,"version":"test.1","packetVersion":20200401,"server":"%s",
                 "maps":{"prt_fild08":{"scripts":["%s"]}},"files":[%s]}
                """.formatted(server, script, entries));
    }
}
