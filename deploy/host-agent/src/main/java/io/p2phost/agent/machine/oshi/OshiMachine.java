package io.p2phost.agent.machine.oshi;

import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import io.p2phost.agent.machine.Machine;
import io.p2phost.agent.machine.Vitals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.hardware.PowerSource;
import oshi.software.os.InternetProtocolStats;
import oshi.software.os.InternetProtocolStats.TcpStats;

/** The machine as OSHI sees it. */
public final class OshiMachine implements Machine, Vitals {
    /** No home has a faster link; drivers of virtual interfaces report fancy numbers. */
    private static final double MAX_MBPS = 100_000;

    private final SystemInfo system = new SystemInfo();
    private final HardwareAbstractionLayer hardware = system.getHardware();
    private final CentralProcessor processor = hardware.getProcessor();
    private final GlobalMemory memory = hardware.getMemory();
    private final URI gateway;
    private final LongSupplier nanos;

    private long[] lastTicks;
    private long lastBytes;
    private long lastNanos;
    private long lastSegments;
    private long lastRetransmitted;

    /**
     * @param gateway decides which network interface counts: the one that leads there
     */
    public OshiMachine(URI gateway, LongSupplier nanos) {
        this.gateway = gateway;
        this.nanos = nanos;
        this.lastTicks = processor.getSystemCpuLoadTicks();
        this.lastBytes = routedLink().map(OshiMachine::bytes).orElse(0L);
        this.lastNanos = nanos.getAsLong();
        packetLossPercent();
    }

    @Override
    public Capability capability() {
        int physical = processor.getPhysicalProcessorCount();
        int cores = physical > 0 ? physical : processor.getLogicalProcessorCount();
        return new Capability(
                Math.floor(maxHertz() / 1e7) / 100,
                cores,
                Math.floor(memory.getTotal() / 1e8) / 10,
                routedLink().map(OshiMachine::mbps).orElse(0d),
                system.getOperatingSystem().toString());
    }

    @Override
    public synchronized Load load() {
        double cpu = 100 * processor.getSystemCpuLoadBetweenTicks(lastTicks);
        lastTicks = processor.getSystemCpuLoadTicks();
        double used = 100d * (memory.getTotal() - memory.getAvailable()) / memory.getTotal();
        return new Load(percent(cpu), percent(used), percent(networkPercent()), percent(packetLossPercent()));
    }

    @Override
    public @Nullable Boolean onBattery() {
        List<PowerSource> batteries = hardware.getPowerSources().stream()
                .filter(source -> source.getMaxCapacity() > 1)
                .toList();
        return batteries.isEmpty()
                ? null
                : batteries.stream().anyMatch(source -> source.isDischarging() && !source.isPowerOnLine());
    }

    @Override
    public OptionalDouble celsius() {
        double celsius = hardware.getSensors().getCpuTemperature();
        return Double.isFinite(celsius) && celsius > 0 ? OptionalDouble.of(celsius) : OptionalDouble.empty();
    }

    @Override
    public Optional<LinkBytes> link() {
        return routedLink().map(nif -> new LinkBytes(nif.getName(), bytes(nif)));
    }

    private double networkPercent() {
        Optional<NetworkIF> link = routedLink();
        long now = nanos.getAsLong();
        long bytes = link.map(OshiMachine::bytes).orElse(0L);
        double seconds = (now - lastNanos) / 1e9;
        double mbitPerSecond = seconds > 0 ? Math.max(0, bytes - lastBytes) * 8 / 1e6 / seconds : 0;
        lastBytes = bytes;
        lastNanos = now;
        double speed = link.map(OshiMachine::mbps).orElse(0d);
        return speed > 0 ? 100 * mbitPerSecond / speed : 0;
    }

    /** TCP hides a lost packet but counts what it sent again; both families together. */
    private double packetLossPercent() {
        InternetProtocolStats statistics = system.getOperatingSystem().getInternetProtocolStats();
        TcpStats v4 = statistics.getTCPv4Stats();
        TcpStats v6 = statistics.getTCPv6Stats();
        long segments = v4.getSegmentsSent() + v6.getSegmentsSent();
        long retransmitted = v4.getSegmentsRetransmitted() + v6.getSegmentsRetransmitted();
        long sent = segments - lastSegments;
        double percent = sent > 0 ? 100d * (retransmitted - lastRetransmitted) / sent : 0;
        lastSegments = segments;
        lastRetransmitted = retransmitted;
        return percent;
    }

    /** Highest clock known: the maximum the system reports, else the vendor's figure, else the fastest core right now. */
    private long maxHertz() {
        long max = processor.getMaxFreq();
        if (max <= 0) {
            max = processor.getProcessorIdentifier().getVendorFreq();
        }
        if (max <= 0) {
            max = Arrays.stream(processor.getCurrentFreq()).max().orElse(0);
        }
        return Math.max(0, max);
    }

    /** The interface whose address this machine uses towards the gateway; towards itself, the fastest one that is up. */
    private Optional<NetworkIF> routedLink() {
        List<NetworkIF> interfaces = hardware.getNetworkIFs();
        Optional<String> local = localAddress();
        Optional<NetworkIF> routed = local.flatMap(address -> interfaces.stream()
                .filter(nif -> Arrays.asList(nif.getIPv4addr()).contains(address)
                        || Arrays.asList(nif.getIPv6addr()).contains(address))
                .findFirst());
        return routed.or(() -> interfaces.stream()
                .filter(nif -> nif.getIfOperStatus() == NetworkIF.IfOperStatus.UP)
                .max(Comparator.comparingDouble(OshiMachine::mbps)));
    }

    /** Asks the routing table by connecting a datagram socket, which sends nothing. */
    private Optional<String> localAddress() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(gateway.getHost()), 9));
            InetAddress local = socket.getLocalAddress();
            return local.isLoopbackAddress() || local.isAnyLocalAddress()
                    ? Optional.empty()
                    : Optional.of(local.getHostAddress());
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static double mbps(NetworkIF nif) {
        return Math.clamp(nif.getSpeed() / 1e6, 0, MAX_MBPS);
    }

    private static long bytes(NetworkIF nif) {
        return nif.getBytesRecv() + nif.getBytesSent();
    }

    private static double percent(double value) {
        return Double.isFinite(value) ? Math.clamp(Math.round(value * 10) / 10d, 0, 100) : 0;
    }
}
