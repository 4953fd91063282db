package io.github.milvusupgrade.k8s.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What the API server itself answered.
 *
 * @param code the HTTP status
 * @param text the body
 * @param date the server's clock when it answered, to the second, if it told
 */
record Reply(int code, String text, Optional<Instant> date) {}
