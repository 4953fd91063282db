package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.k8s.migrate.MigrateOptions;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.plan.Waiver;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the command was asked to do.
 *
 * @param where on which cluster
 * @param action what to do there
 * @param profile how to roll
 * @param dryRun show, but change nothing
 * @param yes do not ask
 * @param waivers the checks that shall not block
 * @param reports where reports go; a new temporary directory if not said
 * @param requests print how many API requests were sent
 */
record Arguments(
        Where where,
        Action action,
        RollingProfile profile,
        boolean dryRun,
        boolean yes,
        List<Waiver> waivers,
        Optional<Path> reports,
        boolean requests) {

    static final String USAGE = """
            Upgrades a Milvus on Kubernetes. Without --kubeconfig it works on a cluster embedded in this process.

              --target VERSION        the version to reach (embedded: 2.2.16)
              --image REF             the image of that version, if not the same repository with its tag
              --profile NAME          how to roll: gentle, official or fast (default: gentle)
              --dry-run               show the plan and what preflight finds, change nothing
              --yes                   do not ask before executing (embedded: always)
              --waive ID=REASON       do not let one preflight check block; may be repeated
              --report DIR            where reports go (default: a new temporary directory)
              --requests              print how many API requests were sent

            On a real cluster:
              --kubeconfig FILE       how to reach it
              --context NAME          a context of that file (default: its current one)
              --namespace NS          where the instance is (default: the namespace of the context)
              --instance NAME         the instance, which is the name of its Helm release
              --charts LOCATION       where charts are: an address, a folder or a .tgz; needed for hops by Helm
              --helm PROGRAM          the helm program (default: helm)
              --values FILE           values to set beside those of the release
              --allow-sub-chart NAME  let a sub-chart with data, such as etcd, change; may be repeated
              --through-helm          make rolling hops by Helm, too
              --align-release         let rolling hops end with a revision of the release
              and for the hop from 2.1, where the configuration of the instance does not say
              --etcd HOST:PORT        etcd, as pods reach it; may be repeated
              --root-path, --meta-sub-path, --kv-sub-path PATH   where the metadata is in etcd
              --etcd-account SECRET   a Secret with username and password
              --etcd-certificates SECRET   a Secret with ca.crt, tls.crt and tls.key
              --tool-image, --probe-image REF   the migration tool; an image with etcdctl
              --image-prefix PREFIX   the mirror that both come from
              --pull-secret SECRET    pulls both; may be repeated
              --storage-class NAME, --backup-size SIZE   the volume for the backup (default: 10Gi)
              --remove-pods           remove the tool's pods after success
              --blind-wait SECONDS    never look into etcd, wait that long for sessions to end
              --tool-timeout SECONDS  how long one run of the tool may take (default: 3600)
            and instead of --target
              --runs                  list the runs of the instance
              --resume RUN            go on with a run
              --rollback RUN          go back from a run
              --abandon RUN           give a run up, so that another may begin

            On the embedded cluster, where my-release runs Milvus 2.2.4:
              --fault image-missing   let the image of a component be missing
              --fault crash-loop      let a component crash again and again
              --speed N               let it run N times as fast as a real one (default: 10)

            Exit codes: 0 done, 1 failed or cancelled, 2 bad usage, 3 refused before anything was changed.
            """;

    private static final Set<String> FLAGS = with(
            with(HelmArguments.FLAGS, MigrateArguments.FLAGS.toArray(String[]::new)),
            "--runs",
            "--dry-run",
            "--yes",
            "--requests");
    /** The embedded cluster is made anew each time: it has no contexts, and no runs to go on with. */
    private static final List<String> LIVE_ONLY = List.of(
            "--context", "--namespace", "--instance", "--charts", "--resume", "--rollback", "--abandon", "--runs");

    private static final List<String> EMBEDDED_ONLY = List.of("--fault", "--speed");
    private static final List<String> ACTIONS = List.of("--target", "--resume", "--rollback", "--abandon", "--runs");
    private static final Set<String> OPTIONS = with(
            with(HelmArguments.OPTIONS, MigrateArguments.OPTIONS.toArray(String[]::new)),
            "--target",
            "--image",
            "--profile",
            "--resume",
            "--rollback",
            "--abandon",
            "--waive",
            "--report",
            "--kubeconfig",
            "--context",
            "--namespace",
            "--instance",
            "--fault",
            "--speed");

    /** Which cluster. */
    sealed interface Where {}

    /** A real one; what is absent is the kubeconfig's to say. */
    record Live(
            Path kubeconfig,
            Optional<String> context,
            Optional<String> namespace,
            String instance,
            Optional<HelmArguments> helm,
            MigrateOptions migrate)
            implements Where {}

    /** One within this process, on which something may go wrong with the pods of the target version. */
    record Embedded(Optional<PodFault> fault, double speed) implements Where {}

    /** What to do. */
    sealed interface Action {}

    /** Go to a version. */
    record Upgrade(MilvusVersion target, Optional<ImageReference> image) implements Action {}

    /** Go on with a run. */
    record Resume(RunId run) implements Action {}

    /** Go back from a run. */
    record RollBack(RunId run) implements Action {}

    /** Give a run up. */
    record Abandon(RunId run) implements Action {}

    /** Say which runs there are. */
    record ListRuns() implements Action {}

    /**
     * Understand the command line.
     *
     * @throws UsageException if that is not possible
     */
    static Arguments parse(List<String> arguments) {
        CommandLine line = CommandLine.parse(arguments, FLAGS, OPTIONS);
        Where where = where(line);
        return new Arguments(
                where,
                action(line, where),
                of(line, "--profile", RollingProfile::named).orElseGet(RollingProfile::gentle),
                line.has("--dry-run"),
                line.has("--yes") || where instanceof Embedded,
                line.values("--waive").stream().map(Arguments::waiver).toList(),
                line.value("--report").map(Path::of),
                line.has("--requests"));
    }

    private static Set<String> with(Set<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    private static Where where(CommandLine line) {
        Optional<Path> kubeconfig = line.value("--kubeconfig").map(Path::of);
        if (kubeconfig.isEmpty()) {
            Stream.of(LIVE_ONLY, MigrateArguments.FLAGS, MigrateArguments.OPTIONS)
                    .flatMap(Collection::stream)
                    .filter(line::has)
                    .findFirst()
                    .ifPresent(name -> {
                        throw new UsageException(name + " is about a real cluster: add --kubeconfig FILE.");
                    });
            return new Embedded(
                    line.value("--fault").map(Arguments::fault),
                    line.value("--speed").map(Arguments::speed).orElse(10.0));
        }
        EMBEDDED_ONLY.stream().filter(line::has).findFirst().ifPresent(name -> {
            throw new UsageException(name + " is about the embedded cluster: leave it or --kubeconfig out.");
        });
        String instance = line.value("--instance")
                .orElseThrow(
                        () -> new UsageException("Which Milvus? Add --instance NAME, the name of its Helm release."));
        return new Live(
                kubeconfig.get(),
                line.value("--context"),
                line.value("--namespace"),
                instance,
                HelmArguments.parse(line),
                MigrateArguments.parse(line));
    }

    private static Action action(CommandLine line, Where where) {
        List<String> asked = ACTIONS.stream().filter(line::has).toList();
        if (asked.size() > 1) {
            throw new UsageException("One thing at a time: " + String.join(" and ", asked) + " exclude each other.");
        }
        if (line.has("--image") && !line.has("--target")) {
            throw new UsageException("--image says where a version comes from: add --target VERSION.");
        }
        if (line.has("--runs")) {
            return new ListRuns();
        }
        return Stream.of(
                        of(line, "--resume", RunId::of).<Action>map(Resume::new),
                        of(line, "--rollback", RunId::of).<Action>map(RollBack::new),
                        of(line, "--abandon", RunId::of).<Action>map(Abandon::new))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> upgrade(line, where));
    }

    private static Action upgrade(CommandLine line, Where where) {
        MilvusVersion target = of(line, "--target", MilvusVersion::parse)
                .or(() -> where instanceof Embedded ? Optional.of(MilvusVersion.of(2, 2, 16)) : Optional.empty())
                .orElseThrow(() -> new UsageException("To which version? Add --target VERSION."));
        return new Upgrade(target, of(line, "--image", ImageReference::parse));
    }

    private static <T> Optional<T> of(CommandLine line, String name, Function<String, T> parser) {
        return line.value(name).map(text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new UsageException(name + ": " + e.getMessage());
            }
        });
    }

    private static Waiver waiver(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || text.substring(equals + 1).isBlank()) {
            throw new UsageException(
                    "--waive " + text + ": write the check and why, as in --waive \"P13=tested before\".");
        }
        return new Waiver(text.substring(0, equals), text.substring(equals + 1));
    }

    private static PodFault fault(String text) {
        return switch (text) {
            case "image-missing" -> PodFault.imageMissing().component("querynode");
            case "crash-loop" -> PodFault.crashLoop().component("datanode");
            default -> throw new UsageException("--fault " + text + ": there are image-missing and crash-loop.");
        };
    }

    private static double speed(String text) {
        try {
            double factor = Double.parseDouble(text);
            if (factor > 0) {
                return factor;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--speed " + text + ": that is not a number.");
        }
        throw new UsageException("--speed " + text + ": time has to pass; give a number above 0.");
    }
}
