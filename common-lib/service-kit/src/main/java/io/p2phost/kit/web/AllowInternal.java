package io.p2phost.kit.web;

import io.p2phost.contracts.ServiceName;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Services that may call a handler below {@code /internal/v1}; together these marks are the table of internal callers. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface AllowInternal {
    ServiceName[] value();
}
