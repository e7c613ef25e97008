/** What the services tell each other over Kafka: one record per event, as the JSON Schemas beside them say. */
@NullMarked
package io.p2phost.contracts.event;

import org.jspecify.annotations.NullMarked;
