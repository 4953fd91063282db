package io.github.milvusupgrade.k8s.helmpath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Charts with the traits of the official ones of 2.2.2 and 2.2.14 that matter for an upgrade: the older one has no
 * {@code mixCoordinator} in its values and the templates of the newer one read it; the image tag is that of the chart;
 * pods carry the checksum of the configuration, which is another one in every chart; coordinators are stopped before
 * their successors start; and a sub-chart that holds data comes along.
 */
final class MilvusCharts {

    static final String OLD = "4.0.6";
    static final String NEW = "4.0.34";

    private static final String COMPONENTS = """
            {{- range $name, $component := .Values.components }}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ $.Release.Name }}-milvus-{{ $name }}
              labels:
                app.kubernetes.io/name: milvus
                app.kubernetes.io/instance: {{ $.Release.Name }}
                app.kubernetes.io/managed-by: Helm
                app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
                helm.sh/chart: milvus-{{ $.Chart.Version }}
                component: {{ $name }}
            spec:
              replicas: {{ $component.replicas }}
              {{- if hasSuffix "coord" $name }}
              strategy: {type: {{ $.Values.activeStandby | ternary "RollingUpdate" "Recreate" }}}
              {{- end }}
              selector:
                matchLabels:
                  app.kubernetes.io/name: milvus
                  app.kubernetes.io/instance: {{ $.Release.Name }}
                  component: {{ $name }}
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: milvus
                    app.kubernetes.io/instance: {{ $.Release.Name }}
                    component: {{ $name }}
                  annotations:
                    checksum/config: {{ include (print $.Template.BasePath "/config.yaml") $ | sha256sum }}
                    {{- with $.Values.podAnnotations }}
                    {{- toYaml . | nindent 8 }}
                    {{- end }}
                spec:
                  containers:
                  - name: {{ $name }}
                    image: {{ $.Values.image.all.repository }}:{{ $.Values.image.all.tag }}
                    args: [milvus, run, {{ $name }}]
                    ports: [{name: metrics, containerPort: 9091}]
                    env: {{ $.Values.env | toJson }}
                    volumeMounts:
                    - {name: milvus-config, mountPath: /milvus/configs/default.yaml, subPath: default.yaml, readOnly: true}
                    - {name: milvus-config, mountPath: /milvus/configs/user.yaml, subPath: user.yaml, readOnly: true}
                  volumes:
                  - {name: milvus-config, configMap: {name: {{ $.Release.Name }}-milvus}}
            {{- end }}
            """;
    private static final String CONFIG = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Release.Name }}-milvus
            data:
              default.yaml: |
                # of chart {{ .Chart.Version }}
                messageQueue: pulsar
                etcd: {endpoints: [{{ .Release.Name }}-etcd:2379]}
              user.yaml: |
            {{ index .Values.extraConfigFiles "user.yaml" | indent 4 }}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Release.Name }}-milvus
              labels: {app.kubernetes.io/instance: {{ .Release.Name }}, helm.sh/chart: milvus-{{ .Chart.Version }}}
            spec:
              selector:
                app.kubernetes.io/name: milvus
                app.kubernetes.io/instance: {{ .Release.Name }}
                component: proxy
              ports: [{name: metrics, port: 9091, targetPort: metrics}]
            """;
    private static final String ETCD = """
            {{- if .Values.etcd.enabled }}
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: {{ .Release.Name }}-etcd
              labels:
                app.kubernetes.io/name: etcd
                app.kubernetes.io/instance: {{ .Release.Name }}
                helm.sh/chart: etcd-{{ .Values.etcd.chart }}
            spec:
              serviceName: {{ .Release.Name }}-etcd
              selector: {matchLabels: {app.kubernetes.io/name: etcd, app.kubernetes.io/instance: {{ .Release.Name }}}}
              template:
                metadata:
                  labels: {app.kubernetes.io/name: etcd, app.kubernetes.io/instance: {{ .Release.Name }}}
                spec:
                  containers: [{name: etcd, image: "milvusdb/etcd:{{ .Values.etcd.tag }}"}]
            {{- end }}
            """;
    private static final String MIXCOORD = """
            {{- if .Values.mixCoordinator.enabled }}
            apiVersion: v1
            kind: Service
            metadata: {name: {{ .Release.Name }}-milvus-mixcoord}
            spec: {ports: [{port: 9091}]}
            {{- end }}
            """;

    private MilvusCharts() {}

    /** A folder with both charts. */
    static Path in(Path folder) {
        chart(folder, OLD, "2.2.2", "etcd: {enabled: false, chart: 6.3.3, tag: 3.5.0-r6}\n", "");
        chart(
                folder,
                NEW,
                "2.2.14",
                "etcd: {enabled: false, chart: 6.3.3, tag: 3.5.5-r2}\nmixCoordinator: {enabled: false}\n",
                MIXCOORD);
        return folder;
    }

    /** One of them, as an unpacked chart. */
    static Path chart(Path folder, String version) {
        return folder.resolve("milvus-" + version);
    }

    private static void chart(Path folder, String version, String appVersion, String values, String more) {
        Path chart = chart(folder, version);
        write(chart.resolve("Chart.yaml"), """
                apiVersion: v2
                name: milvus
                version: %s
                appVersion: "%s"
                """.formatted(version, appVersion));
        write(chart.resolve("values.yaml"), """
                image: {all: {repository: milvusdb/milvus, tag: v%s}}
                activeStandby: false
                podAnnotations: {}
                env: []
                extraConfigFiles:
                  user.yaml: |-
                    # settings of the user
                components:
                  rootcoord: {replicas: 1}
                  datacoord: {replicas: 1}
                  indexcoord: {replicas: 1}
                  querycoord: {replicas: 1}
                  indexnode: {replicas: 1}
                  datanode: {replicas: 1}
                  querynode: {replicas: 1}
                  proxy: {replicas: 1}
                """.formatted(appVersion) + values);
        write(chart.resolve("templates/components.yaml"), COMPONENTS);
        write(chart.resolve("templates/config.yaml"), CONFIG);
        write(chart.resolve("templates/service.yaml"), SERVICE);
        write(chart.resolve("templates/etcd.yaml"), ETCD);
        write(chart.resolve("templates/mixcoord-svc.yaml"), more);
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
