package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file by HTTP into memory: each request within a time that includes its body, the answer up to a size.
 * Redirects are followed here and not by the client, which would hand the credentials on to whatever host they lead to.
 * Safe for many threads.
 */
final class HttpDownload {

    private static final int MAX_REDIRECTS = 5;
    private static final String CHECK_NETWORK = "Check the address, the network and the proxy settings";
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpClient client;
    private final Duration atMost;
    private final URI home;
    private final Optional<BasicAuth> auth;

    /** A failure that another attempt may not meet. */
    static final class PassingException extends UpgradeException {

        private static final long serialVersionUID = 1;

        PassingException(String message, @Nullable Throwable cause) {
            super(Code.CHART_UNAVAILABLE, message, cause);
        }
    }

    /**
     * @param home the repository; its host is the only one that gets the credentials
     * @param atMost how long one request may take, its body included
     */
    HttpDownload(URI home, Optional<BasicAuth> auth, Duration atMost) {
        this.home = home;
        this.auth = auth;
        this.atMost = atMost;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(atMost)
                .build();
    }

    /**
     * Fetches a file.
     *
     * @param limit the largest size in bytes that is accepted
     * @throws BoundedBody.TooLargeException if it is larger
     * @throws UpgradeException {@link Code#CHART_UNAVAILABLE} with the address and what came back, as a
     *     {@link PassingException} if it may pass; {@link Code#CANCELLED} if the thread was interrupted
     */
    byte[] fetch(URI from, int limit) throws BoundedBody.TooLargeException {
        URI at = from;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<byte[]> answer = send(at, limit);
            if (!REDIRECTS.contains(answer.statusCode())) {
                return body(at, answer);
            }
            at = target(at, answer);
        }
        throw unavailable(from, "it redirects more than " + MAX_REDIRECTS + " times", "Name the final address");
    }

    private HttpResponse<byte[]> send(URI uri, int limit) throws BoundedBody.TooLargeException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(atMost).header("User-Agent", "milvus-upgrade");
        auth.filter(login -> isAtHome(uri)).ifPresent(login -> request.header("Authorization", login.header()));
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request.build(),
                head -> head.statusCode() == 200
                        ? new BoundedBody(limit)
                        : HttpResponse.BodySubscribers.replacing(new byte[0]));
        try {
            // The client's own timeout ends with the headers; a body may trickle on for hours.
            return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw outOfTime(uri);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw interrupted(uri, e);
        } catch (ExecutionException e) {
            throw failed(uri, e.getCause());
        }
    }

    private UpgradeException failed(URI uri, @Nullable Throwable cause) throws BoundedBody.TooLargeException {
        if (cause instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return failed(uri, wrapped.getCause());
        }
        if (cause instanceof BoundedBody.TooLargeException tooLarge) {
            throw tooLarge;
        }
        if (cause instanceof HttpTimeoutException) {
            return outOfTime(uri);
        }
        String message = message(uri, wordsFor(cause), CHECK_NETWORK);
        return cause instanceof IOException && !(cause instanceof SSLException)
                ? new PassingException(message, cause)
                : new UpgradeException(Code.CHART_UNAVAILABLE, message, cause);
    }

    static UpgradeException interrupted(URI uri, InterruptedException cause) {
        return new UpgradeException(
                Code.CANCELLED, "Fetching " + shown(uri) + " was interrupted. Nothing was kept.", cause);
    }

    private static String wordsFor(@Nullable Throwable cause) {
        if (cause instanceof ConnectException refused) {
            return refused.getCause() instanceof UnresolvedAddressException
                    ? "the host is not known to the name service"
                    : "no connection can be made";
        }
        if (cause instanceof SSLException) {
            return "TLS failed: " + cause.getMessage();
        }
        if (cause instanceof IOException) {
            return "the answer broke off: " + cause.getMessage();
        }
        return String.valueOf(cause);
    }

    private UpgradeException outOfTime(URI uri) {
        return unavailable(uri, "no complete answer came within " + atMost.toMillis() / 1000.0 + " s", CHECK_NETWORK);
    }

    private byte[] body(URI uri, HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status == 200) {
            return answer.body();
        }
        throw switch (status) {
            case 401, 403 ->
                unavailable(
                        uri,
                        "the server answered " + status
                                + (auth.isPresent() ? ", it does not take the credentials" : ", it wants credentials"),
                        "Pass a name and password that may read it");
            case 404, 410 -> unavailable(uri, "the server answered " + status, "Check the address");
            default -> {
                String message =
                        message(uri, "the server answered " + status, "Try again later, or use another repository");
                yield PASSING.contains(status)
                        ? new PassingException(message, null)
                        : new UpgradeException(Code.CHART_UNAVAILABLE, message);
            }
        };
    }

    private URI target(URI from, HttpResponse<byte[]> answer) {
        String location = answer.headers().firstValue("Location").orElse("");
        try {
            URI target = from.resolve(location);
            String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
            boolean downgrade = scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme());
            if (Set.of("http", "https").contains(scheme) && !downgrade && !location.isEmpty()) {
                return target;
            }
        } catch (IllegalArgumentException noAddress) {
            throw unavailable(from, "it redirects to what is no address", "Name the final address");
        }
        throw unavailable(from, "it redirects to nowhere that is safe", "Name the final address");
    }

    private boolean isAtHome(URI uri) {
        return home.getScheme().equalsIgnoreCase(uri.getScheme())
                && home.getHost().equalsIgnoreCase(uri.getHost())
                && port(home) == port(uri);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** An address without what may be a credential: user info, query, fragment. */
    static String shown(URI uri) {
        if (uri.getHost() == null) {
            return uri.getPath();
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getPath();
    }

    private static UpgradeException unavailable(URI uri, String why, String remedy) {
        return new UpgradeException(Code.CHART_UNAVAILABLE, message(uri, why, remedy));
    }

    private static String message(URI uri, String why, String remedy) {
        return shown(uri) + " cannot be fetched: " + why + ". " + remedy + ".";
    }
}
