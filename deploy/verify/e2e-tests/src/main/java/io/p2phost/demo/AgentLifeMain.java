package io.p2phost.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@link AgentLife} as a program: the gateway, the admin key's file, the packaged suite, a folder for homes and logs,
 * rounds. What it says last is the result.
 */
public final class AgentLifeMain {
    private AgentLifeMain() {}

    public static void main(String[] args) throws IOException {
        URI gateway = URI.create(args[0]);
        Path work = Files.createDirectories(Path.of(args[3])).toAbsolutePath();
        Api api = new Api(gateway, Files.readString(Path.of(args[1])).strip());
        Programs programs = new Programs(Path.of(args[2]).toAbsolutePath(), work);
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::run, "put-back"));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try {
            new AgentLife(
                            api,
                            programs,
                            Site.of(gateway, "127.0.0.1"),
                            cleanup,
                            new Story(out),
                            Integer.parseInt(args[4]))
                    .run();
        } catch (DemoFailure e) {
            out.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }
}
