package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.Backoff;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayAddress;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.GatewayException.Refused;
import io.p2phost.agent.gateway.GatewayException.Unreachable;
import io.p2phost.agent.gateway.Messages.Redeemed;
import io.p2phost.agent.gateway.Messages.Redemption;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HomeLock;
import io.p2phost.agent.home.HostKey;
import io.p2phost.contracts.HostId;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code p2p-host enroll}: makes the host's key and gives its public half to the server in exchange for a code. */
@Command(
        name = "enroll",
        mixinStandardHelpOptions = true,
        description = "Join a server with the code its operator gave you.")
final class EnrollCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 3;
    private static final int LONGEST_NAME = 64;

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--gateway", paramLabel = "URL", required = true, description = "The server's address (https).")
    private String gateway = "";

    @Option(names = "--name", paramLabel = "NAME", description = "What operators see (default: this machine's name).")
    private @Nullable String name;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            defaultValue = "EU",
            description = "Region of your relay, as the server names it (default: ${DEFAULT-VALUE}).")
    private String region = "EU";

    @Parameters(paramLabel = "CODE", description = "The enrolment code.")
    private String code = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        URI address = GatewayAddress.parse(gateway);
        AgentHome agentHome = home.home();
        agentHome.create();
        try (HomeLock lock = HomeLock.take(agentHome);
                GatewayClient client = new GatewayClient(address, Time.system())) {
            if (agentHome.enrolled()) {
                throw new AgentFailure(
                        ExitCode.HOME,
                        "home: " + agentHome.directory() + " is enrolled already as "
                                + agentHome.readIdentity().hostId() + " (expected: an empty folder)");
            }
            HostKey key = agentHome.createOrReadKey();
            String shown = name == null ? machineName() : name.strip();
            Redeemed redeemed = redeem(
                    client, new Redemption(key.publicKeyBase64(), key.signBase64(code.strip()), shown, region.strip()));
            HostId hostId = redeemed.hostId();
            if (redeemed.bundleKey() != null) {
                agentHome.writeBundleKey(redeemed.bundleKey());
            }
            agentHome.writeIdentity(new AgentIdentity(hostId, address, shown, region.strip()));
            Console.out(spec).println("enrolled as host " + hostId + " (" + shown + ")");
        }
        return ExitCode.OK.code();
    }

    /** Safe to repeat: the registry answers the same code with the same key as before. */
    private Redeemed redeem(GatewayClient client, Redemption redemption) {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(4), ThreadLocalRandom.current());
        for (int attempt = 1; ; attempt++) {
            try {
                return client.redeem(code.strip(), redemption);
            } catch (Refused e) {
                if (!e.temporary() || e.status() == 409 || attempt == ATTEMPTS) {
                    throw new AgentFailure(e.status() >= 500 ? ExitCode.UNREACHABLE : ExitCode.REFUSED, inWords(e), e);
                }
            } catch (Unreachable e) {
                if (attempt == ATTEMPTS) {
                    throw new AgentFailure(
                            ExitCode.UNREACHABLE, e.getMessage() + "; run the same command again, the key is kept", e);
                }
            }
            Console.pause(backoff.next());
        }
    }

    private static String inWords(Refused e) {
        return switch (e.status()) {
            case 404 -> "the server does not know this enrolment code; check it for typing errors";
            case 410 -> "the enrolment code was used by another key or has expired; ask for a new one";
            default -> "the server refuses the enrolment: " + e.getMessage();
        };
    }

    private static String machineName() {
        try {
            String host = InetAddress.getLocalHost().getHostName();
            return host.isBlank() ? "host" : host.substring(0, Math.min(host.length(), LONGEST_NAME));
        } catch (UnknownHostException e) {
            return "host";
        }
    }
}
