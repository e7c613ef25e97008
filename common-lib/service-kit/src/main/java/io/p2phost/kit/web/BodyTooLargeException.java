package io.p2phost.kit.web;

import java.io.IOException;

/** A request body that is longer than this service reads. */
final class BodyTooLargeException extends IOException {
    BodyTooLargeException(long limit) {
        super("the body is too long (expected: at most " + limit + " bytes)");
    }
}
