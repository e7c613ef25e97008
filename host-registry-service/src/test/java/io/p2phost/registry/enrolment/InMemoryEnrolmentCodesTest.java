package io.p2phost.registry.enrolment;

class InMemoryEnrolmentCodesTest extends EnrolmentCodesContract {
    private final InMemoryEnrolmentCodes codes = new InMemoryEnrolmentCodes();

    @Override
    protected EnrolmentCodes codes() {
        return codes;
    }
}
