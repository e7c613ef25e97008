package io.p2phost.demo;

import io.p2phost.agent.Time;
import io.p2phost.agent.bundle.BundleStore;
import io.p2phost.agent.bundle.GatewayBundles;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.Messages.Redeemed;
import io.p2phost.agent.gateway.Messages.Redemption;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HostKey;
import io.p2phost.agent.session.TokenKeeper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A host that fetches the released bundle as {@code p2p-host run} does, at no rate of its own, and does nothing else. Its
 * arguments: the gateway, the admin key's file, the host's home, the bundles' folder. It says {@code ready}, and after a
 * line of input the seconds that the bundle took until it was whole. It needs the agent's jars on its class path.
 */
public final class DownloadMain {
    private static final long ANY_ACCOUNT = 2_900_000;

    private DownloadMain() {}

    public static void main(String[] args) throws IOException {
        URI gateway = URI.create(args[0]);
        AgentHome home = new AgentHome(Path.of(args[2]));
        try (GatewayClient client = new GatewayClient(gateway, Time.system())) {
            if (!home.enrolled()) {
                enrol(gateway, Files.readString(Path.of(args[1])).strip(), home, client);
            }
            TokenKeeper token = new TokenKeeper(client, home.readIdentity().hostId(), home.readKey(), Time.system());
            BundleStore store = new BundleStore(
                    Path.of(args[3]),
                    home.readBundleKey(),
                    new GatewayBundles(client, token),
                    Long.MAX_VALUE,
                    Time.system());
            token.current();
            System.out.println("ready");
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            long began = System.nanoTime();
            boolean changed = store.update();
            System.out.println(changed ? (System.nanoTime() - began) / 1e9 : "nothing new was released");
        }
    }

    private static void enrol(URI gateway, String key, AgentHome home, GatewayClient client) {
        String name = "download";
        String code = new Api(gateway, key)
                .postOk("enrolments", Map.of("accountId", ANY_ACCOUNT, "label", name))
                .path("code")
                .asString("");
        home.create();
        HostKey own = home.createOrReadKey();
        Redeemed redeemed =
                client.redeem(code, new Redemption(own.publicKeyBase64(), own.signBase64(code), name, Hosts.REGION));
        home.writeBundleKey(Objects.requireNonNull(redeemed.bundleKey(), "the suite signs no bundles"));
        home.writeIdentity(new AgentIdentity(redeemed.hostId(), gateway, name, Hosts.REGION));
    }
}
