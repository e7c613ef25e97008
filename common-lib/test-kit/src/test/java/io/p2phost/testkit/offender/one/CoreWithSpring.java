package io.p2phost.testkit.offender.one;

import org.springframework.stereotype.Component;

@Component
class CoreWithSpring {}
