package io.github.milvusupgrade.examples.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.MilvusVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP in front of the desk: paths, JSON and status codes, and no decision. */
final class Endpoints implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_BODY = 64 * 1024;

    private final UpgradeDesk desk;

    Endpoints(UpgradeDesk desk) {
        this.desk = desk;
    }

    private record Answer(int status, JsonNode body) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = answer.body().toPrettyString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        try {
            return route(exchange);
        } catch (UpgradeException e) {
            return error(ServiceException.of(e));
        } catch (ServiceException e) {
            return error(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
            return error(new ServiceException(500, "defect", e.toString()));
        }
    }

    private Answer route(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        List<String> path =
                List.of(exchange.getRequestURI().getPath().substring(1).split("/"));
        String request = method + " " + path.get(0) + "/".repeat(path.size() - 1);
        return switch (request) {
            case "POST plans" -> new Answer(201, desk.plan(field(exchange, "target", MilvusVersion::parse)));
            case "POST runs" ->
                new Answer(
                        202,
                        desk.start(field(exchange, "digest", digest -> digest)).toJson());
            case "GET runs/" -> new Answer(200, desk.run(run(path)).toJson());
            case "DELETE runs/" -> {
                TrackedRun run = desk.run(run(path));
                run.cancellation().cancel();
                yield new Answer(202, run.toJson());
            }
            case "POST runs//" -> {
                if (!path.get(2).equals("rollback")) {
                    throw unknown(exchange);
                }
                yield new Answer(201, desk.planRollback(run(path)));
            }
            default -> throw unknown(exchange);
        };
    }

    private static RunId run(List<String> path) {
        try {
            return RunId.of(path.get(1));
        } catch (IllegalArgumentException e) {
            throw ServiceException.badRequest("\"" + path.get(1) + "\" cannot be the id of a run.");
        }
    }

    private static <T> T field(HttpExchange exchange, String name, Function<String, T> parser) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
        try {
            JsonNode value = JSON.readTree(body).path(name);
            if (!value.isTextual()) {
                throw ServiceException.badRequest("The body needs a text \"" + name + "\".");
            }
            return parser.apply(value.textValue());
        } catch (JsonProcessingException e) {
            throw ServiceException.badRequest("The body is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw ServiceException.badRequest(name + ": " + e.getMessage());
        }
    }

    private static ServiceException unknown(HttpExchange exchange) {
        return ServiceException.notFound("There is no " + exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getPath()
                + ". There are POST /plans, POST /runs, GET /runs/{id}, DELETE /runs/{id}, POST /runs/{id}/rollback.");
    }

    private static Answer error(ServiceException e) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("code", e.code());
        body.put("message", e.getMessage());
        return new Answer(e.status(), body);
    }
}
