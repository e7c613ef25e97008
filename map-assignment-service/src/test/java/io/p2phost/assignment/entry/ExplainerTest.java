package io.p2phost.assignment.entry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExplainerTest {
    @Test
    void protectedClientsAreTheReasonWhySomePlayersAreOnTheVps() {
        assertThat(Explainer.whoStays(0)).isEmpty();
        assertThat(Explainer.whoStays(1)).startsWith("; 1 player is on the VPS's copy whoever hosts it");
        assertThat(Explainer.whoStays(3)).startsWith("; 3 players are").contains("client protector");
    }
}
