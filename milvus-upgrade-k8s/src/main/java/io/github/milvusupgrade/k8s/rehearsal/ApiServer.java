package io.github.milvusupgrade.k8s.rehearsal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes each HTTP request through the log, the scripted faults, the verb and the answer. */
final class ApiServer implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    private final ResourceEndpoints endpoints;
    private final WatchHub watches;
    private final ApiFaults faults;
    private final RequestLog requests;

    ApiServer(ResourceEndpoints endpoints, WatchHub watches, ApiFaults faults, RequestLog requests) {
        this.endpoints = endpoints;
        this.watches = watches;
        this.faults = faults;
        this.requests = requests;
    }

    @Override
    public void handle(HttpExchange exchange) {
        Instant time = Instant.now();
        try (exchange) {
            ApiRequest request = ApiRequest.read(exchange);
            Optional<ApiFault> fault = faults.next(request);
            Thread.sleep(fault.map(ApiFault::delay).orElse(Duration.ZERO).toMillis());
            if (request.isWatch()) {
                watch(exchange, request, fault, time);
            } else {
                answer(exchange, request, fault, time);
            }
        } catch (IOException e) {
            LOG.debug("client of {} went away: {}", exchange.getRequestURI(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        }
    }

    private void answer(HttpExchange exchange, ApiRequest request, Optional<ApiFault> fault, Instant time)
            throws IOException {
        ApiFault.Effect effect = fault.map(ApiFault::effect).orElse(ApiFault.Effect.NONE);
        if (effect == ApiFault.Effect.REQUEST_LOST) {
            requests.add(RecordedRequest.of(request, 0, time));
            return;
        }
        Answer answer = effect == ApiFault.Effect.FAILURE ? refusal(request, fault) : execute(request);
        requests.add(RecordedRequest.of(request, effect == ApiFault.Effect.ANSWER_LOST ? 0 : answer.code(), time));
        if (effect != ApiFault.Effect.ANSWER_LOST) {
            send(exchange, answer);
        }
    }

    private void watch(HttpExchange exchange, ApiRequest request, Optional<ApiFault> fault, Instant time)
            throws IOException, InterruptedException {
        ApiFault.Effect effect = fault.map(ApiFault::effect).orElse(ApiFault.Effect.NONE);
        if (effect == ApiFault.Effect.FAILURE) {
            Answer refusal = refusal(request, fault);
            requests.add(RecordedRequest.of(request, refusal.code(), time));
            send(exchange, refusal);
            return;
        }
        if (effect == ApiFault.Effect.REQUEST_LOST || effect == ApiFault.Effect.ANSWER_LOST) {
            requests.add(RecordedRequest.of(request, 0, time));
            return;
        }
        WatchStream stream;
        try {
            stream = watches.open(request);
        } catch (ApiFailure e) {
            requests.add(RecordedRequest.of(request, e.code(), time));
            send(exchange, Answer.of(e));
            return;
        }
        try (stream) {
            requests.add(RecordedRequest.of(request, 200, time));
            exchange.getResponseHeaders().set("Content-Type", Answer.JSON);
            exchange.sendResponseHeaders(200, 0);
            stream.run(exchange.getResponseBody(), effect);
        }
    }

    private Answer execute(ApiRequest request) {
        try {
            return endpoints.execute(request);
        } catch (ApiFailure e) {
            return Answer.of(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.path(), e);
            return Answer.of(ApiFailure.of(500, "InternalError", "Internal error occurred: " + e));
        }
    }

    private static Answer refusal(ApiRequest request, Optional<ApiFault> fault) {
        return Answer.of(fault.orElseThrow().failure(request));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.code(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
