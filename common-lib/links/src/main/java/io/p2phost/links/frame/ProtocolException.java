package io.p2phost.links.frame;

import io.netty.handler.codec.DecoderException;
import io.p2phost.links.DropReason;

/**
 * The peer broke the protocol. Instances are shared and carry no stack trace: a hostile peer must cost nothing, and the
 * reason is all that is ever reported.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // on purpose: no stack trace, no suppressed ones, nothing to mix up
public final class ProtocolException extends DecoderException {
    public static final ProtocolException MALFORMED = new ProtocolException(DropReason.MALFORMED_FRAME);
    public static final ProtocolException OVERSIZED = new ProtocolException(DropReason.OVERSIZED_FRAME);
    public static final ProtocolException UNKNOWN = new ProtocolException(DropReason.UNKNOWN_FRAME);
    public static final ProtocolException UNEXPECTED = new ProtocolException(DropReason.UNEXPECTED_FRAME);
    public static final ProtocolException WINDOW = new ProtocolException(DropReason.WINDOW_EXCEEDED);
    public static final ProtocolException CONTROL_BACKLOG = new ProtocolException(DropReason.CONTROL_BACKLOG);
    public static final ProtocolException STREAM_LIMIT = new ProtocolException(DropReason.STREAM_LIMIT);

    private static final long serialVersionUID = 1L;

    private final DropReason reason;

    private ProtocolException(DropReason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public DropReason reason() {
        return reason;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // does nothing, so there is nothing to guard
    public Throwable fillInStackTrace() {
        return this;
    }
}
