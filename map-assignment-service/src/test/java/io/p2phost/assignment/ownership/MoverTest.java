package io.p2phost.assignment.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.assignment.config.ConfigReader;
import io.p2phost.assignment.config.FirstFiles;
import io.p2phost.assignment.config.Reading;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.SelectionRules;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MoverTest {
    private static final MapName MAP = new MapName("moc_fild01");
    private static final Owner HOST = Owner.host(HostId.random());
    private static final Owner VPS = Owner.vps("reserve", "127.0.0.1:5121");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    private final InMemoryMapStates states = new InMemoryMapStates();
    private final ScriptedArbiter arbiter = new ScriptedArbiter();
    private final HostIndex index = new HostIndex(
            SelectionRules.of(((Reading.Accepted) ConfigReader.read(FirstFiles.packaged())).config()),
            now::get,
            bound -> 0);
    private final ActiveMaps activeMaps = new ActiveMaps(index);
    private final Mover mover = new Mover(
            states,
            arbiter,
            activeMaps,
            new Handovers(index),
            now::get,
            Duration.ofSeconds(4),
            () -> Duration.ofSeconds(10),
            new SimpleMeterRegistry());

    @Test
    void changeInEffectIsTakenOver() {
        arbiter.answers.add(new Arbiter.Answer.Changed(Epoch.of(1), HOST, List.of()));
        Move move = mover.move(MAP, wants(HOST));
        assertThat(move).isInstanceOf(Move.Done.class);
        assertThat(move.state().owner()).isEqualTo(HOST);
        assertThat(move.state().readyDeadline()).isEqualTo(now.get().plusSeconds(10));
        assertThat(activeMaps.total()).isEqualTo(1);
        assertThat(arbiter.asked).containsExactly("moc_fild01 0 " + HOST);
    }

    @Test
    void intentIsInTheRowWhileDbProxyIsAsked() {
        arbiter.whileAsked = () ->
                assertThat(states.find(MAP).orElseThrow().intent().owner()).isEqualTo(HOST);
        arbiter.answers.add(new Arbiter.Answer.Changed(Epoch.of(1), HOST, List.of()));
        mover.move(MAP, wants(HOST));
        assertThat(states.find(MAP).orElseThrow().intent()).isNull();
    }

    @Test
    void rowInEffectIsAdoptedWhenSomebodyElseWasFirst() {
        Owner other = Owner.host(HostId.random());
        arbiter.answers.add(new Arbiter.Answer.Stale(Epoch.of(7), other));
        Move move = mover.move(MAP, wants(HOST));
        assertThat(move).isInstanceOf(Move.Adopted.class);
        assertThat(move.state().owner()).isEqualTo(other);
        assertThat(move.state().epoch()).isEqualTo(Epoch.of(7));
        assertThat(move.state().intent()).isNull();
    }

    @Test
    void refusalEndsTheIntentAndLeavesTheOwner() {
        arbiter.answers.add(new Arbiter.Answer.Changed(Epoch.of(1), VPS, List.of()));
        mover.move(MAP, wants(VPS));
        arbiter.answers.add(new Arbiter.Answer.Refused("host is blacklisted"));
        Move move = mover.move(MAP, wants(HOST));
        assertThat(move).isInstanceOf(Move.HostRefused.class);
        assertThat(move.state().owner()).isEqualTo(VPS);
        assertThat(move.state().intent()).isNull();
        assertThat(activeMaps.total()).isZero();
    }

    @Test
    void silenceLeavesTheIntentUntilItsLeaseEndsAndThenItIsFinished() {
        arbiter.answers.add(new Arbiter.Answer.Unknown("timeout"));
        assertThat(mover.move(MAP, wants(HOST))).isInstanceOf(Move.Undecided.class);
        assertThat(mover.move(MAP, wants(VPS))).as("nobody moves it meanwhile").isInstanceOf(Move.Busy.class);
        now.set(now.get().plusSeconds(5));
        MapState left =
                states.unsettled(now.get(), now.get().minusSeconds(4), 10).getFirst();
        // The change had taken effect: db-proxy answers with the row.
        arbiter.answers.add(new Arbiter.Answer.Stale(Epoch.of(1), HOST));
        Move move = mover.finish(left);
        assertThat(move).as("our own change").isInstanceOf(Move.Done.class);
        assertThat(move.state().owner()).isEqualTo(HOST);
        assertThat(arbiter.asked).containsExactly("moc_fild01 0 " + HOST, "moc_fild01 0 " + HOST);
    }

    @Test
    void intentThatSomebodyFinishedMeanwhileIsLeftAlone() {
        arbiter.answers.add(new Arbiter.Answer.Unknown("timeout"));
        mover.move(MAP, wants(HOST));
        now.set(now.get().plusSeconds(5));
        MapState left = states.find(MAP).orElseThrow();
        states.abandon(MAP, Objects.requireNonNull(left.intent()).attempt());
        assertThat(mover.finish(left)).isInstanceOf(Move.Declined.class);
        assertThat(arbiter.asked).hasSize(1);
    }

    @Test
    void nothingIsWrittenWhileDbProxyIsKnownToBeAway() {
        arbiter.reachable = false;
        assertThat(mover.move(MAP, wants(HOST))).isInstanceOf(Move.Undecided.class);
        assertThat(states.find(MAP)).isEmpty();
        arbiter.reachable = true;
        arbiter.answers.add(new Arbiter.Answer.NotAsked());
        assertThat(mover.move(MAP, wants(HOST))).isInstanceOf(Move.Undecided.class);
        assertThat(states.find(MAP).orElseThrow().intent()).isNull();
    }

    @Test
    void fullHostIsNotAskedFor() {
        Move move = mover.move(MAP, state -> Optional.of(new Wanted(HOST, 0, "TEST")));
        assertThat(move).isInstanceOf(Move.HostRefused.class);
        assertThat(arbiter.asked).isEmpty();
    }

    private static java.util.function.Function<MapState, Optional<Wanted>> wants(Owner owner) {
        return state -> Optional.of(new Wanted(owner, 5, "TEST"));
    }

    private static final class ScriptedArbiter implements Arbiter {
        private final Deque<Answer> answers = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();
        private Runnable whileAsked = () -> {};
        private boolean reachable = true;

        @Override
        public Answer compareAndSet(
                MapName map, Epoch fromEpoch, @Nullable Owner owner, String cause, boolean planned) {
            asked.add(map + " " + fromEpoch + " " + owner);
            whileAsked.run();
            return answers.removeFirst();
        }

        @Override
        public List<InEffect> owners() {
            return List.of();
        }

        @Override
        public boolean reachable() {
            return reachable;
        }
    }
}
