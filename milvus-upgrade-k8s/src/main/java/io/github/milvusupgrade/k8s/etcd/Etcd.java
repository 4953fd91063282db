package io.github.milvusupgrade.k8s.etcd;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.CommandResult;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.OutputReader;
import io.github.milvusupgrade.k8s.api.PodCommand;
import io.github.milvusupgrade.k8s.rollout.Redaction;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Reads etcd, and can empty a part of it; each call by one run of {@code etcdctl}. Reads are linearizable, so an answer
 * also proves that etcd has a quorum. Immutable and safe for many threads; calls end at the deadline of the gateway
 * that was handed in.
 *
 * <p>What fails is thrown as {@link Code#ETCD_REFUSED} if etcd wants other credentials, and as
 * {@link Code#ETCD_UNREACHABLE} otherwise.
 */
public final class Etcd {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 500;
    private static final List<String> REFUSALS = List.of(
            "user name is empty",
            "authentication failed",
            "permission denied",
            "invalid auth token",
            "invalid user id or password",
            "certificate",
            "tls:");

    private final KubeApi api;
    private final EtcdSeat seat;

    public Etcd(KubeApi api, EtcdSeat seat) {
        this.api = api;
        this.seat = seat;
    }

    /** All keys that begin with the prefix, with their values: for few keys. */
    public List<EtcdEntry> under(String prefix) {
        return entries(List.of("get", prefix, "--prefix"));
    }

    /** Whether keys with the prefix are there that no lease will take away. */
    public boolean hasKeys(String prefix) {
        return entries(List.of("get", prefix, "--prefix", "--keys-only", "--limit=" + PAGE)).stream()
                .anyMatch(entry -> !entry.leased());
    }

    /**
     * What all keys with the prefix hold, without those that are leased, read page by page.
     *
     * @param progress told how many keys have been read
     */
    public ContentDigest digest(String prefix, LongConsumer progress) {
        ContentDigest digest = ContentDigest.EMPTY;
        String end = endOf(prefix);
        String from = prefix;
        boolean first = true;
        while (true) {
            List<EtcdEntry> page = entries(List.of("get", from, end, "--limit=" + PAGE));
            // A page begins with the last key of the one before: the key after it cannot be written as an argument.
            for (EtcdEntry entry : first ? page : page.subList(Math.min(1, page.size()), page.size())) {
                if (!entry.leased()) {
                    digest = digest.with(entry.key().getBytes(StandardCharsets.UTF_8), entry.value());
                }
            }
            progress.accept(digest.entries());
            if (page.size() < PAGE) {
                return digest;
            }
            from = page.get(page.size() - 1).key();
            first = false;
        }
    }

    /** Removes all keys that begin with the prefix. The only thing that is ever written here. */
    public void delete(String prefix) {
        call(List.of("del", prefix, "--prefix"), InputStream::readAllBytes);
    }

    /** The alarms that etcd has raised, such as {@code NOSPACE}, which forbids every write; mostly none. */
    public List<String> alarms() {
        return call(List.of("alarm", "list"), output -> new String(output.readAllBytes(), StandardCharsets.UTF_8))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** The first text that is greater than all that begin with the prefix; its last character is a slash. */
    private static String endOf(String prefix) {
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("\"" + prefix + "\" does not end with a slash.");
        }
        return prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
    }

    private List<EtcdEntry> entries(List<String> arguments) {
        List<String> words = new ArrayList<>(arguments);
        words.add("--write-out=json");
        List<EtcdEntry> entries = new ArrayList<>();
        call(words, JSON::readTree).path("kvs").forEach(kv -> entries.add(EtcdEntry.of(kv)));
        return entries;
    }

    private <T> T call(List<String> arguments, OutputReader<T> reader) {
        List<String> words = new ArrayList<>(List.of("etcdctl"));
        words.addAll(seat.flags());
        words.addAll(arguments);
        try {
            CommandResult<T> result = api.run(new PodCommand(seat.pod(), seat.container(), words), reader);
            if (result.exitCode() != 0) {
                throw failed(result.errors());
            }
            return result.output();
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.INTERRUPTED) || e.is(KubeApiException.Kind.FORBIDDEN)) {
                throw e;
            }
            throw new UpgradeException(
                    Code.ETCD_UNREACHABLE,
                    "etcdctl could not be run in container " + seat.container() + " of " + seat.pod() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private UpgradeException failed(String errors) {
        return failure(seat.pod().toString(), seat.flags(), errors);
    }

    /**
     * What {@code etcdctl} said before it gave up, as an exception.
     *
     * @param where it was run
     * @param flags what it was told
     * @param errors its words, which are masked
     */
    public static UpgradeException failure(String where, List<String> flags, String errors) {
        String said = Redaction.of(errors.lines().map(String::strip).collect(Collectors.joining(" ")))
                .strip();
        String lower = said.toLowerCase(Locale.ROOT);
        boolean refused = REFUSALS.stream().anyMatch(lower::contains);
        return new UpgradeException(
                refused ? Code.ETCD_REFUSED : Code.ETCD_UNREACHABLE,
                "etcd could not be asked from " + where + " (etcdctl " + String.join(" ", flags) + "): " + said + ". "
                        + (refused
                                ? "Hand over the right credentials with MigrateOptions.withEtcdAccount or"
                                        + " withEtcdCertificates."
                                : "Check that etcd is there and has a quorum, and the endpoints of MigrateOptions."));
    }
}
