package io.p2phost.kit.web;

import io.p2phost.contracts.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Roles that may call a handler (or all handlers of a class). A handler without such a mark is refused to everybody. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Allow {
    Role[] value();
}
