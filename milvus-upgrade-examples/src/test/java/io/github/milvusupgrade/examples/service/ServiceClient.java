package io.github.milvusupgrade.examples.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** How a user interface calls the service. */
record ServiceClient(HttpClient http, URI address) {

    static ServiceClient of(UpgradeService service) {
        return new ServiceClient(HttpClient.newHttpClient(), service.address());
    }

    /** What came back. */
    record Reply(int status, JsonNode body) {

        String at(String field) {
            return body.path(field).asText();
        }
    }

    Reply post(String path, String body) {
        return send("POST", path, body);
    }

    Reply get(String path) {
        return send("GET", path, "");
    }

    Reply delete(String path) {
        return send("DELETE", path, "");
    }

    /** Plan and approve; answers the run that began. */
    String upgradeTo(String target) {
        return start(post("/plans", "{\"target\": \"" + target + "\"}"));
    }

    /** Approve a plan; answers the run that began. */
    String start(Reply plan) {
        return post("/runs", "{\"digest\": \"" + plan.at("digest") + "\"}").at("run");
    }

    /** The run when it is over. */
    Reply over(String run) {
        return until(run, reply -> !reply.at("status").equals("RUNNING"));
    }

    /** The run when it is as expected. */
    Reply until(String run, Predicate<Reply> expected) {
        return Awaitility.await("run " + run + " to be as expected")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> get("/runs/" + run), expected);
    }

    Reply send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), new ObjectMapper().readTree(response.body()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path + " got no answer", e);
        }
    }
}
