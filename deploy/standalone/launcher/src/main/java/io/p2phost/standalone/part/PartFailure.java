package io.p2phost.standalone.part;

/** A part did not start; the message is a sentence without its end mark, for the user. */
public final class PartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    public PartFailure(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    public PartFailure(String sentence, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
