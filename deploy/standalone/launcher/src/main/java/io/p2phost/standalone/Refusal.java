package io.p2phost.standalone;

/** The command cannot be carried out; the message is the one sentence that the user gets. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    public Refusal(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    public Refusal(String sentence, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
