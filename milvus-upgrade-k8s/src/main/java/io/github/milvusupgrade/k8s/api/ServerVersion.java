package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Kubernetes the API server is, and what its clock says.
 *
 * @param gitVersion the version as the server writes it, such as {@code v1.34.2-eks-3025e55}; empty if it does not say
 * @param major the first number of it, 0 if it does not say
 * @param minor the second number of it, 0 if it does not say
 * @param clock the server's clock when it answered, cut to the second; empty if the answer had no {@code Date}
 */
public record ServerVersion(String gitVersion, int major, int minor, Optional<Instant> clock) {

    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4}).*");

    static ServerVersion of(JsonNode version, Optional<Instant> clock) {
        String text = version.path("gitVersion").asText("");
        Matcher numbers = NUMBERS.matcher(text);
        boolean readable = numbers.matches();
        return new ServerVersion(
                text,
                readable ? Integer.parseInt(numbers.group(1)) : 0,
                readable ? Integer.parseInt(numbers.group(2)) : 0,
                clock);
    }
}
