package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What commands do that are executed in pods. */
final class PodCommands {

    private final ObjectStore store;
    private final PodFiles files;
    private final Etcdctl etcdctl;
    private volatile Consumer<ObjectKey> ending = key -> {};
    private volatile PodExec script = (pod, container, command) -> null;

    PodCommands(ObjectStore store, PodFiles files, Etcdctl etcdctl) {
        this.store = store;
        this.files = files;
        this.etcdctl = etcdctl;
    }

    void script(PodExec script) {
        this.script = script;
    }

    /** Who ends the first process of a pod when a command asks for it. */
    void ending(Consumer<ObjectKey> lifecycle) {
        this.ending = lifecycle;
    }

    /** Refuses what the API server refuses before it turns to the node. */
    Validated validate(ApiRequest request, Target target) {
        JsonNode pod = store.find(target.key());
        if (pod == null) {
            throw ApiFailure.notFound(ResourceType.PODS, target.name());
        }
        String container = PodConnections.container(pod, request.query("container"));
        if (!PodView.isScheduled(pod)) {
            throw ApiFailure.badRequest("pod " + target.name() + " does not have a host assigned");
        }
        boolean heard = Stream.of("stdin", "stdout", "stderr").anyMatch(request::isTrue);
        return new Validated(pod, container, request.command(), heard);
    }

    ExecAnswer run(Validated asked) {
        return Optional.ofNullable(script.run(asked.pod, asked.container, asked.command))
                .orElseGet(() -> execute(asked.pod, asked.container, asked.command));
    }

    private ExecAnswer execute(JsonNode pod, String container, List<String> command) {
        List<String> arguments = command.subList(1, command.size());
        return switch (command.get(0)) {
            case "etcdctl", "/usr/local/bin/etcdctl", "/opt/bitnami/etcd/bin/etcdctl" ->
                etcdctl.run(pod, container, arguments);
            case "sh", "/bin/sh" -> shell(pod, command);
            case "cat", "/bin/cat" -> cat(pod, container, arguments);
            default -> ExecAnswer.notFound(command.get(0));
        };
    }

    /** Of a shell only this much is rehearsed: the first process is asked to end, and ends. */
    private ExecAnswer shell(JsonNode pod, List<String> command) {
        if (!command.equals(List.of(command.get(0), "-c", "kill -TERM 1"))) {
            return ExecAnswer.notFound(command.get(0));
        }
        ending.accept(ObjectKey.of(ResourceType.PODS, pod));
        return new ExecAnswer(new ByteArrayInputStream(new byte[0]), "", 0);
    }

    private ExecAnswer cat(JsonNode pod, String container, List<String> paths) {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        StringBuilder missing = new StringBuilder();
        for (String path : paths) {
            files.read(pod, container, path)
                    .ifPresentOrElse(
                            found::writeBytes,
                            () -> missing.append("cat: ").append(path).append(": No such file or directory\n"));
        }
        return new ExecAnswer(
                new ByteArrayInputStream(found.toByteArray()), missing.toString(), missing.isEmpty() ? 0 : 1);
    }

    /**
     * A command that the API server would pass on to the node.
     *
     * @param heard whether any of its streams is asked for
     */
    record Validated(JsonNode pod, String container, List<String> command, boolean heard) {

        /** The kubelet's complaint, if it is nothing that can be executed. */
        Optional<String> obstacle() {
            if (command.isEmpty()) {
                return Optional.of("you must specify at least 1 command for the container");
            }
            if (!heard) {
                return Optional.of("you must specify at least one of stdin, stdout, stderr");
            }
            boolean running = Json.stream(pod.path("status").path("containerStatuses"))
                    .anyMatch(status -> status.path("name").asText().equals(container)
                            && status.path("state").has("running"));
            return running ? Optional.empty() : Optional.of("container not found (\"" + container + "\")");
        }
    }
}
