package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code meta-migration}: checks, order of work, messages and exit codes are those of
 * {@code milvus-io/milvus:cmd/tools/migration}; what a conversion makes of the metadata is made up. It deletes before
 * it converts, and cleans up before it looks for the backup.
 */
final class MetaMigration implements Program {

    private static final Duration STARTS = Duration.ofMillis(100);
    private static final Duration PIECE = Duration.ofMillis(10);
    private static final int KEYS_PER_PIECE = 10;
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final int NO_BACKUP = 1;
    private static final int FAILED = 2;
    private static final int UNEXPECTED = 100;
    private static final int KILLED = 137;

    private final ContainerCommand command;
    private final RehearsedEtcd etcd;
    private final EtcdNetwork network;
    private final PodFiles files;
    private final ToolFaults faults;
    private @Nullable EtcdSession session;

    MetaMigration(
            ContainerCommand command, RehearsedEtcd etcd, EtcdNetwork network, PodFiles files, ToolFaults faults) {
        this.command = command;
        this.etcd = etcd;
        this.network = network;
        this.files = files;
        this.faults = faults;
    }

    @Override
    public void start(ProgramRun run) {
        run.after(STARTS, () -> begin(run));
    }

    @Override
    public void killed() {
        if (session != null) {
            session.abandon();
        }
    }

    private void begin(ProgramRun run) {
        ToolConfiguration config;
        try {
            config = ToolConfiguration.parse(configText());
        } catch (JsonProcessingException e) {
            end(run, UNEXPECTED, e.getOriginalMessage());
            return;
        }
        if (config.endpoints().isEmpty()) {
            end(run, FAILED, "panic: key not found etcd.endpoints");
            return;
        }
        Optional<ToolFault> fault = faults.next(command.pod(), config.command());
        Optional<String> obstacle = obstacle(config);
        if (is(fault, ToolFault.Kind.PANICS)) {
            end(run, UNEXPECTED, "unexpected error: runtime error: index out of range [0] with length 0");
        } else if (!config.isSupported()) {
            end(run, NO_BACKUP, "version not supported: " + config.source() + " -> " + config.target());
        } else if (obstacle.isPresent()) {
            end(run, NO_BACKUP, obstacle.get());
        } else if (config.command().equals("run") && config.isNothingToDo()) {
            end(run, 0, "version " + config.source() + " and " + config.target() + " are compatible, nothing to do");
        } else {
            new Work(run, config, fault).begin();
        }
    }

    private String configText() throws JsonProcessingException {
        String path =
                String.join(" ", command.words()).replaceFirst("^\\S+ +", "").replaceFirst("^--?config[= ]", "");
        return files.text(command.pod(), command.container(), path)
                .orElseThrow(() -> new MissingConfiguration("open " + path + ": no such file or directory"));
    }

    private Optional<String> obstacle(ToolConfiguration config) {
        Optional<String> missing = config.certificates().stream()
                .filter(file ->
                        files.read(command.pod(), command.container(), file).isEmpty())
                .map(file -> "open " + file + ": no such file or directory")
                .findFirst();
        boolean unreached = config.usesTls() != etcd.requiresTls()
                || config.endpoints().stream()
                        .allMatch(endpoint ->
                                network.obstacle(command.pod(), endpoint).isPresent());
        return missing.or(() -> unreached
                ? Optional.of("context deadline exceeded")
                : Optional.ofNullable(etcd.refusal(config.login())));
    }

    private static boolean is(Optional<ToolFault> fault, ToolFault.Kind kind) {
        return fault.filter(found -> found.kind() == kind).isPresent();
    }

    private void end(ProgramRun run, int code, String line) {
        run.log(line);
        if (session != null) {
            session.revoke();
        }
        run.exit(code);
    }

    /** One command on the metadata below one root. */
    private final class Work {

        private final ProgramRun run;
        private final ToolConfiguration config;
        private final Optional<ToolFault> fault;
        private final String root;

        Work(ProgramRun run, ToolConfiguration config, Optional<ToolFault> fault) {
            this.run = run;
            this.config = config;
            this.fault = fault;
            this.root = config.root();
        }

        void begin() {
            String mine = MilvusMetadata.session(root, "migration");
            if (!etcd.keys(mine).isEmpty()) {
                end(run, NO_BACKUP, "other migration is running");
                return;
            }
            if (etcd.isFull()) {
                end(run, NO_BACKUP, "etcdserver: mvcc: database space exceeded");
                return;
            }
            session = etcd.openSession(
                    mine, command.pod().path("metadata").path("name").asText(), TTL);
            Optional<String> alive = alive();
            if (alive.isPresent()) {
                end(run, NO_BACKUP, alive.get());
                return;
            }
            switch (config.command()) {
                case "backup" -> backup(() -> done("backup done"));
                case "run" -> {
                    if (config.runsWithBackup()) {
                        backup(this::convert);
                    } else {
                        convert();
                    }
                }
                case "rollback" -> rollback();
                default -> end(run, UNEXPECTED, "unknown command " + config.command());
            }
        }

        private Optional<String> alive() {
            for (String role : MilvusMetadata.ROLES) {
                int count = etcd.keys(MilvusMetadata.session(root, role)).size();
                if (count > 0) {
                    return Optional.of(
                            "there are still sessions alive, prefix: " + role + ", num of alive sessions: " + count);
                }
            }
            return Optional.empty();
        }

        /** Reads everything that no lease will take away, which takes its time: one request for each key. */
        private SortedMap<String, byte[]> load() {
            SortedMap<String, byte[]> entries = new TreeMap<>();
            etcd.range(RehearsedEtcd.raw(root + "/")).forEach((key, item) -> {
                if (item.lease() == 0) {
                    entries.put(key, item.value());
                }
            });
            return entries;
        }

        private Duration reading(SortedMap<String, byte[]> entries) {
            return PIECE.multipliedBy(1 + entries.size() / KEYS_PER_PIECE);
        }

        private void backup(Runnable then) {
            SortedMap<String, byte[]> entries = load();
            run.after(reading(entries), () -> {
                Optional<String> alive = alive();
                if (alive.isPresent()) {
                    end(run, NO_BACKUP, "backup failed: " + alive.get());
                } else if (is(fault, ToolFault.Kind.BACKUP_FAILS)) {
                    end(run, NO_BACKUP, "backup failed: write " + config.file() + ": no space left on device");
                } else if (!is(fault, ToolFault.Kind.HANGS)) {
                    byte[] file = is(fault, ToolFault.Kind.BACKUP_EMPTY) ? new byte[0] : file(entries);
                    if (files.write(command.pod(), command.container(), config.file(), file)) {
                        run.log("backup to: " + config.file());
                        then.run();
                    } else {
                        end(run, NO_BACKUP, "backup failed: open " + config.file() + ": no such file or directory");
                    }
                }
            });
        }

        private byte[] file(SortedMap<String, byte[]> entries) {
            int written =
                    is(fault, ToolFault.Kind.BACKUP_CUT) ? fault.orElseThrow().after(entries.size()) : entries.size();
            return MetadataBackup.write(config.rootPath(), config.metaSubPath(), entries, written);
        }

        private void convert() {
            SortedMap<String, byte[]> entries = load();
            run.after(reading(entries), () -> {
                clean(MilvusMetadata.ONLY_OLD);
                if (is(fault, ToolFault.Kind.DIES_AFTER_CLEAN)) {
                    end(
                            run,
                            FAILED,
                            "run failed: index build meta not found, segment id: 1, index id: 2, index build id: 3");
                } else if (!is(fault, ToolFault.Kind.HANGS)) {
                    Map<String, byte[]> converted = converted(entries);
                    write(converted, () -> done("converted " + converted.size()));
                }
            });
        }

        private SortedMap<String, byte[]> converted(SortedMap<String, byte[]> entries) {
            String begin = RehearsedEtcd.raw(root + "/");
            SortedMap<String, byte[]> converted = new TreeMap<>();
            entries.forEach((key, value) -> {
                String rest = key.substring(begin.length());
                if (MilvusMetadata.ONLY_OLD.stream().anyMatch(rest::startsWith)) {
                    converted.put(begin + MilvusMetadata.NEW + rest, MilvusMetadata.converted(value));
                }
            });
            return converted;
        }

        private void rollback() {
            List<String> prefixes = new ArrayList<>(MilvusMetadata.ONLY_OLD);
            prefixes.add(MilvusMetadata.NEW);
            clean(prefixes);
            run.after(PIECE, () -> {
                Optional<byte[]> file = files.read(command.pod(), command.container(), config.file());
                if (is(fault, ToolFault.Kind.HANGS)) {
                    return;
                }
                if (file.isEmpty()) {
                    end(run, FAILED, "rollback failed: open " + config.file() + ": no such file or directory");
                    return;
                }
                try {
                    Map<String, byte[]> entries = MetadataBackup.read(file.get());
                    write(entries, () -> done("restored " + entries.size()));
                } catch (IllegalArgumentException e) {
                    end(run, FAILED, "rollback failed: " + e.getMessage());
                }
            });
        }

        private void clean(List<String> prefixes) {
            for (String prefix : prefixes) {
                etcd.delete(root + "/" + prefix);
                run.log("prefix " + prefix + " will be removed!");
            }
        }

        /** Writes key by key, and gives up as soon as a component is alive. */
        private void write(Map<String, byte[]> entries, Runnable then) {
            int accident = fault.map(found -> found.after(entries.size())).orElse(-1);
            write(entries.entrySet().iterator(), 0, accident, then);
        }

        private void write(Iterator<Map.Entry<String, byte[]>> left, int before, int accident, Runnable then) {
            int written = before;
            for (int i = 0; i < KEYS_PER_PIECE && left.hasNext(); i++) {
                if (written == accident && hasAccident()) {
                    return;
                }
                Map.Entry<String, byte[]> entry = left.next();
                if (etcd.isFull()) {
                    fail("etcdserver: mvcc: database space exceeded");
                    return;
                }
                etcd.putRaw(entry.getKey(), entry.getValue(), 0);
                written++;
            }
            Optional<String> alive = alive();
            int count = written;
            if (alive.isPresent()) {
                fail(alive.get());
            } else if (left.hasNext()) {
                run.after(PIECE, () -> write(left, count, accident, then));
            } else {
                then.run();
            }
        }

        /** Whether the work ends here. */
        private boolean hasAccident() {
            switch (fault.orElseThrow().kind()) {
                case DIES_HALF_WAY -> {
                    killed();
                    run.exit(KILLED);
                    return true;
                }
                case ROLLBACK_FAILS -> {
                    fail("context deadline exceeded");
                    return true;
                }
                case SESSION_APPEARS -> {
                    etcd.openSession(MilvusMetadata.session(root, "querynode-9001"), "{\"ServerID\":9001}", TTL)
                            .abandon();
                    return false;
                }
                default -> {
                    return false;
                }
            }
        }

        private void fail(String why) {
            end(run, FAILED, config.command() + " failed: " + why);
        }

        private void done(String line) {
            run.log(line);
            end(run, 0, config.command() + " done");
        }
    }

    /** There is no configuration where the command line says. */
    private static final class MissingConfiguration extends JsonProcessingException {

        private static final long serialVersionUID = 1L;

        MissingConfiguration(String message) {
            super(message);
        }
    }
}
