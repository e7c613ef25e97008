package io.p2phost.testkit.offender.two;

import io.p2phost.testkit.offender.three.KnowsTwo;

public class KnowsThree {
    static int counter;

    KnowsTwo three = new KnowsTwo();

    void set() {
        System.setProperty("p2p.offender", "true");
    }
}
