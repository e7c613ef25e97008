package io.p2phost.demo;

import io.p2phost.demo.Storm.Sizes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@link Storm} as a program: the gateway, the admin key's file, the packaged suite, a folder for homes and logs, hosts, how
 * many of them are lost, players. It needs the agent's jars on its class path. What it says last is the result.
 */
public final class StormMain {
    private StormMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        URI gateway = URI.create(args[0]);
        Path work = Files.createDirectories(Path.of(args[3])).toAbsolutePath();
        Api api = new Api(gateway, Files.readString(Path.of(args[1])).strip());
        Programs programs = new Programs(Path.of(args[2]).toAbsolutePath(), work);
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::run, "put-back"));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try {
            Sizes sizes = new Sizes(Integer.parseInt(args[4]), Integer.parseInt(args[5]), Integer.parseInt(args[6]));
            new Storm(api, programs, Site.of(gateway, "127.0.0.1"), cleanup, new Story(out), sizes).run();
        } catch (DemoFailure e) {
            out.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }
}
