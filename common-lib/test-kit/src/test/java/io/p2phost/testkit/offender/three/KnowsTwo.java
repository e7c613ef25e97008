package io.p2phost.testkit.offender.three;

import io.p2phost.testkit.offender.two.KnowsThree;

public class KnowsTwo {
    KnowsThree two = new KnowsThree();
}
