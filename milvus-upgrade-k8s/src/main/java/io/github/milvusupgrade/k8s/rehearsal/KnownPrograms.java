package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The programs that do in a rehearsal what they do elsewhere. */
final class KnownPrograms {

    private final ObjectStore store;
    private final RehearsedEtcd etcd;
    private final EtcdNetwork network;
    private final PodFiles files;
    private final Etcdctl etcdctl;
    private final ToolFaults faults;

    KnownPrograms(
            ObjectStore store,
            RehearsedEtcd etcd,
            EtcdNetwork network,
            PodFiles files,
            Etcdctl etcdctl,
            ToolFaults faults) {
        this.store = store;
        this.etcd = etcd;
        this.network = network;
        this.files = files;
        this.etcdctl = etcdctl;
        this.faults = faults;
    }

    Optional<Program> of(JsonNode pod) {
        ContainerCommand told = ContainerCommand.of(pod);
        Map<String, String> environment = PodEnvironment.of(store, pod, told.container());
        ContainerCommand command = told.withoutShell(environment, files);
        if (command.runs("meta-migration")) {
            return Optional.of(new MetaMigration(command, etcd, network, files, faults));
        }
        if (command.runs("sleep")) {
            return Optional.of(sleep(command));
        }
        return command.runs("etcdctl") && command.words().contains("watch")
                ? Optional.of(run -> watch(command, run))
                : Optional.empty();
    }

    private static Program sleep(ContainerCommand command) {
        String time = command.words().size() > 1 ? command.words().get(1) : "";
        if (time.matches("\\d{1,9}s?")) {
            Duration duration = Duration.ofSeconds(Long.parseLong(time.replace("s", "")));
            return run -> run.after(duration, () -> run.exit(0));
        }
        return run -> {
            if (!time.equals("infinity")) {
                run.log("sleep: invalid time interval '" + time + "'");
                run.exit(1);
            }
        };
    }

    /** Goes on as long as its pod; an etcd that is away is waited for, one that refuses ends it. */
    private void watch(ContainerCommand command, ProgramRun run) {
        ExecAnswer answer = etcdctl.run(
                command.pod(),
                command.container(),
                command.words().subList(1, command.words().size()));
        boolean waits = answer.exitCode() == 0 || answer.stderr().contains("context deadline exceeded");
        if (!waits) {
            answer.stderr().lines().forEach(run::log);
            run.exit(answer.exitCode());
        }
    }
}
