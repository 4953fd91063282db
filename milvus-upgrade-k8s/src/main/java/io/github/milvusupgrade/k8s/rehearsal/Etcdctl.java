package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The program {@code etcdctl} of etcd 3.5, as far as it reads: what it prints and how it exits were tried out. */
final class Etcdctl {

    private static final BigInteger CLUSTER = new BigInteger("15118495548433857066");
    private static final BigInteger MEMBER = new BigInteger("13668033151171901709");
    private static final String VERSION = "3.5.5";
    private static final int BAD_ARGUMENTS = 128;
    private static final int NOT_AUTHENTICATED = 2;

    private final ObjectStore store;
    private final RehearsedEtcd etcd;
    private final EtcdNetwork network;
    private final PodFiles files;

    Etcdctl(ObjectStore store, RehearsedEtcd etcd, EtcdNetwork network, PodFiles files) {
        this.store = store;
        this.etcd = etcd;
        this.network = network;
        this.files = files;
    }

    ExecAnswer run(JsonNode pod, String container, List<String> arguments) {
        try {
            EtcdctlOptions options = EtcdctlOptions.parse(arguments, PodEnvironment.of(store, pod, container));
            String command = String.join(
                    " ", options.words().subList(0, Math.min(2, options.words().size())));
            if (command.startsWith("get")) {
                Range range = Range.of(options);
                connect(options, pod, container);
                return get(options, range);
            }
            if (command.startsWith("del") && options.is("prefix")) {
                connect(options, pod, container);
                return ExecAnswer.printed(etcd.delete(options.words().get(1)) + "\n");
            }
            return switch (command) {
                case "version" -> ExecAnswer.printed("etcdctl version: " + VERSION + "\nAPI version: 3.5\n");
                case "endpoint status" -> endpoints(options, pod, container, "status");
                case "endpoint health" -> endpoints(options, pod, container, "health");
                case "alarm list" -> {
                    connect(options, pod, container);
                    yield alarms(options);
                }
                default -> {
                    if (command.startsWith("watch")) {
                        connect(options, pod, container);
                        yield new ExecAnswer(new EndlessInput(), "", 0);
                    }
                    throw new EtcdctlOptions.Failure(
                            1, "unknown command \"" + command.replaceFirst(" .*", "") + "\" for \"etcdctl\"");
                }
            };
        } catch (EtcdctlOptions.Failure e) {
            return ExecAnswer.failed(e.exitCode(), e.stderr());
        }
    }

    private void connect(EtcdctlOptions options, JsonNode pod, String container) {
        for (String flag : List.of("cacert", "cert", "key")) {
            String file = options.value(flag, "");
            if (!file.isEmpty() && files.read(pod, container, file).isEmpty()) {
                throw new EtcdctlOptions.Failure(BAD_ARGUMENTS, "open " + file + ": no such file or directory");
            }
        }
        String obstacle = null;
        for (String endpoint : options.endpoints()) {
            obstacle = obstacle(options, pod, endpoint).orElse(null);
            if (obstacle == null) {
                break;
            }
        }
        if (obstacle != null) {
            String error = "rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error:"
                    + " connection error: desc = \"" + obstacle + "\"";
            throw new EtcdctlOptions.Failure(1, "context deadline exceeded", warning(options, error));
        }
        String login = options.login();
        String refusal = etcd.refusal(login);
        if (refusal != null) {
            throw new EtcdctlOptions.Failure(
                    login.isEmpty() ? 1 : NOT_AUTHENTICATED,
                    refusal,
                    warning(options, "rpc error: code = InvalidArgument desc = " + refusal));
        }
    }

    private Optional<String> obstacle(EtcdctlOptions options, JsonNode pod, String endpoint) {
        return network.obstacle(pod, endpoint)
                .map(why -> "transport: Error while dialing " + why)
                .or(() -> etcd.requiresTls() == options.usesTls()
                        ? Optional.empty()
                        : Optional.of(
                                etcd.requiresTls()
                                        ? "error reading server preface: EOF"
                                        : "transport: authentication handshake failed: tls: first record does not look"
                                                + " like a TLS handshake"));
    }

    private static String warning(EtcdctlOptions options, String error) {
        ObjectNode line = Json.object(
                "level",
                "warn",
                "ts",
                ObjectStore.now(),
                "logger",
                "etcd-client",
                "caller",
                "v3/retry_interceptor.go:62",
                "msg",
                "retrying of unary invoker failed",
                "target",
                "etcd-endpoints://0xc00034e000/" + options.endpoints().get(0));
        return line.put("attempt", 0).put("error", error) + "\n";
    }

    private ExecAnswer get(EtcdctlOptions options, Range range) {
        String format = options.value("write-out", "simple");
        if (options.is("count-only") && !format.equals("fields")) {
            throw new EtcdctlOptions.Failure(BAD_ARGUMENTS, "--count-only is only for `--write-out=fields`");
        }
        List<Map.Entry<String, RehearsedEtcd.Item>> found = new ArrayList<>();
        int count = 0;
        ObjectNode header;
        synchronized (etcd) {
            NavigableMap<String, RehearsedEtcd.Item> view = etcd.view(range.from, range.end);
            header = header();
            for (Map.Entry<String, RehearsedEtcd.Item> entry : view.entrySet()) {
                if (count++ < range.limit && !options.is("count-only")) {
                    found.add(Map.entry(entry.getKey(), entry.getValue()));
                }
            }
        }
        boolean more = !options.is("count-only") && found.size() < count;
        EtcdctlOutput output = new EtcdctlOutput(header, found, options.is("keys-only"), more, count);
        return switch (format) {
            case "json" -> new ExecAnswer(output.json(), "", 0);
            case "fields" -> new ExecAnswer(output.fields(), "", 0);
            case "simple" -> new ExecAnswer(output.simple(options.is("print-value-only")), "", 0);
            default -> throw new EtcdctlOptions.Failure(BAD_ARGUMENTS, "unsupported output format: " + format);
        };
    }

    private ObjectNode header() {
        ObjectNode header = Json.object();
        header.put("cluster_id", CLUSTER).put("member_id", MEMBER);
        return header.put("revision", etcd.revision()).put("raft_term", 2);
    }

    private ExecAnswer endpoints(EtcdctlOptions options, JsonNode pod, String container, String question) {
        boolean health = question.equals("health");
        boolean asJson = options.value("write-out", "simple").equals("json");
        ArrayNode all = Json.array();
        StringBuilder simple = new StringBuilder();
        StringBuilder complaints = new StringBuilder();
        for (String endpoint : options.endpoints()) {
            String failure = failure(options, pod, container, endpoint);
            if (failure != null) {
                complaints.append(
                        health
                                ? endpoint + " is unhealthy: failed to commit proposal: " + failure + "\n"
                                : "Failed to get the status of endpoint " + endpoint + " (" + failure + ")\n");
            }
            if (health) {
                all.add(Json.object(
                        "endpoint", endpoint, "health", failure == null, "took", "2.3ms", "error", failure));
                simple.append(
                        failure == null
                                ? endpoint + " is healthy: successfully committed proposal: took = 2.3ms\n"
                                : "");
            } else if (failure == null) {
                all.add(Json.object("Endpoint", endpoint, "Status", status()));
                simple.append(endpoint)
                        .append(", ")
                        .append(MEMBER.toString(16))
                        .append(", ")
                        .append(VERSION);
                simple.append(", 20 kB, true, false, 2, 8, 8, ")
                        .append(etcd.isFull() ? alarm() : "")
                        .append("\n");
            }
        }
        String end = complaints.isEmpty() || !health ? "" : "Error: unhealthy cluster\n";
        InputStream text = EtcdctlOutput.stream(asJson ? all + "\n" : simple.toString());
        return new ExecAnswer(text, complaints + end, complaints.isEmpty() ? 0 : 1);
    }

    private @Nullable String failure(EtcdctlOptions options, JsonNode pod, String container, String endpoint) {
        if (obstacle(options, pod, endpoint).isPresent()) {
            return "context deadline exceeded";
        }
        return etcd.refusal(options.login());
    }

    private ObjectNode status() {
        ObjectNode status = Json.object("header", header(), "version", VERSION, "dbSize", 20480);
        status.put("leader", MEMBER).put("raftIndex", etcd.revision()).put("raftTerm", 2);
        status.put("raftAppliedIndex", etcd.revision());
        if (etcd.isFull()) {
            status.set("errors", Json.array(alarm()));
        }
        return status.put("dbSizeInUse", 16384);
    }

    private ExecAnswer alarms(EtcdctlOptions options) {
        if (!options.value("write-out", "simple").equals("json")) {
            return ExecAnswer.printed(etcd.isFull() ? alarm() + "\n" : "");
        }
        ObjectNode answer = Json.object("header", header());
        if (etcd.isFull()) {
            ObjectNode alarm = Json.object().put("memberID", MEMBER).put("alarm", 1);
            answer.set("alarms", Json.array(alarm));
        }
        return ExecAnswer.printed(answer + "\n");
    }

    private static String alarm() {
        return "memberID:" + MEMBER + " alarm:NOSPACE ";
    }

    /** From where to where, and how many. */
    private record Range(String from, @Nullable String end, int limit) {

        static Range of(EtcdctlOptions options) {
            List<String> words = options.words().subList(1, options.words().size());
            boolean open = options.is("prefix") || options.is("from-key");
            if (words.isEmpty() || words.size() > 2) {
                throw new EtcdctlOptions.Failure(
                        BAD_ARGUMENTS, "get command needs one argument as key and an optional argument as range_end");
            }
            if (open && words.size() == 2) {
                throw new EtcdctlOptions.Failure(
                        BAD_ARGUMENTS,
                        "too many arguments, only accept one argument when `--prefix` or `--from-key` is set");
            }
            if (options.is("prefix") && options.is("from-key")) {
                throw new EtcdctlOptions.Failure(
                        BAD_ARGUMENTS, "`--prefix` and `--from-key` cannot be set at the same time, choose one");
            }
            String limit = options.value("limit", "0");
            if (!limit.matches("\\d{1,9}")) {
                throw new EtcdctlOptions.Failure(
                        1,
                        "invalid argument \"" + limit + "\" for \"--limit\" flag: strconv.ParseInt: parsing \"" + limit
                                + "\": invalid syntax");
            }
            String from = RehearsedEtcd.raw(words.get(0));
            String end = options.is("from-key")
                    ? null
                    : options.is("prefix")
                            ? RehearsedEtcd.endOf(from)
                            : words.size() == 2 ? RehearsedEtcd.raw(words.get(1)) : from + "\0";
            return new Range(from, end, limit.equals("0") ? Integer.MAX_VALUE : Integer.parseInt(limit));
        }
    }
}
