package io.p2phost.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code p2p-control}, of which the commands are parts. */
@Command(
        name = "p2p-control",
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class,
        description = "Run the suite from the command line.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused by the server",
            "2:wrong command line, unreadable key or file, or not confirmed",
            "3:the gateway cannot be reached"
        })
final class ControlCommand implements Runnable {
    @Mixin
    private final Session session;

    @Option(names = "--emergency-failover", description = "Move every hosted map to the VPS now.")
    private boolean emergencyFailover;

    @Option(names = "--reset-network", description = "Forget all assignments and standbys.")
    private boolean resetNetwork;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Spec
    private @Nullable CommandSpec spec;

    private ControlCommand(Session session) {
        this.session = session;
    }

    static CommandLine commandLine(Session.World world) {
        Session session = new Session(world);
        CommandLine commandLine = new CommandLine(new ControlCommand(session))
                .addSubcommand(new EnrolmentCommand(session))
                .addSubcommand(new ApiKeyCommand(session))
                .addSubcommand(new HostsCommand(session))
                .addSubcommand(new MapsCommand(session))
                .addSubcommand(new ExplainCommand(session))
                .addSubcommand(new AssignmentsCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new VpsCommand(session))
                .addSubcommand(new ConfigCommand(session))
                .addSubcommand(new MetricsCommand(session))
                .addSubcommand(new AuditCommand(session))
                .addSubcommand(new WhoisCommand(session))
                .addSubcommand(new CarryCommand(session))
                .addSubcommand(new JournalCommand(session))
                .addSubcommand(new QuarantineCommand(session))
                .addSubcommand(new BundleCommand(session))
                .addSubcommand(new ValidationsCommand(session));
        return Cli.configure(commandLine, world);
    }

    /** The seeds' two emergency procedures, under their names. */
    @Override
    public void run() {
        if (emergencyFailover == resetNetwork) {
            throw new ParameterException(
                    java.util.Objects.requireNonNull(spec).commandLine(),
                    emergencyFailover ? "one of --emergency-failover and --reset-network" : "a command is missing");
        }
        String action = emergencyFailover ? "emergency-failover" : "reset-network";
        session.confirm(
                emergencyFailover
                        ? "Every hosted map moves to the VPS, players are moved with them."
                        : "Every assignment and standby is cleared, hosted maps move to the VPS.",
                yes);
        session.show(session.call(gateway -> gateway.post("control:" + action, Map.of())));
    }
}
