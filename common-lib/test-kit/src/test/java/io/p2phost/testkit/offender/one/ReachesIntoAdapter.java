package io.p2phost.testkit.offender.one;

import io.p2phost.testkit.offender.one.web.OpenController;

class ReachesIntoAdapter {
    OpenController controller = new OpenController();
}
