package io.p2phost.registry.enrolment;

/** A new code in clear, shown this once. */
public record IssuedCode(EnrolmentCode record, String code) {
    @Override
    public String toString() {
        return "IssuedCode[" + record.id() + "]";
    }
}
