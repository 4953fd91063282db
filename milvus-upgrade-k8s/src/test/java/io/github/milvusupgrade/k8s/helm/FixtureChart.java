package io.github.milvusupgrade.k8s.helm;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A chart with the traits of two official ones that matter for an upgrade: the older one has no {@code mixCoordinator}
 * in its values and the newer one's templates read it, the default image tag is that of the chart, and pods carry the
 * checksum of the configuration.
 */
enum FixtureChart {
    OLD("4.0.6", "2.2.2", ""),
    NEW("4.0.34", "2.2.14", """
            {{- if .Values.mixCoordinator.enabled }}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{ .Release.Name }}-mixcoord}
            {{- end }}
            """),
    /** Asks the cluster while it is rendered. */
    CURIOUS("5.0.0", "2.6.0", """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{ .Release.Name }}-found}
            data:
              found: {{ (lookup "v1" "Namespace" "" .Release.Namespace).kind }}
            """);

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}-milvus-proxy
              labels:
                app.kubernetes.io/instance: {{ .Release.Name }}
                app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
                helm.sh/chart: milvus-{{ .Chart.Version }}
                component: proxy
            spec:
              replicas: {{ .Values.proxy.replicas }}
              selector:
                matchLabels: {app.kubernetes.io/instance: {{ .Release.Name }}, component: proxy}
              template:
                metadata:
                  labels: {app.kubernetes.io/instance: {{ .Release.Name }}, component: proxy}
                  annotations:
                    checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
                spec:
                  containers:
                  - name: proxy
                    image: {{ .Values.image.all.repository }}:{{ .Values.image.all.tag }}
                    args: [milvus, run, proxy]
                    ports: [{name: milvus, containerPort: 19530}]
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Release.Name }}-milvus
              annotations:
                is-upgrade: {{ .Release.IsUpgrade | quote }}
            spec:
              selector: {app.kubernetes.io/instance: {{ .Release.Name }}, component: proxy}
              ports: [{name: milvus, port: 19530, targetPort: milvus}]
            """;
    private static final String CONFIG = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{ .Release.Name }}-milvus}
            data:
              user.yaml: |-
            {{ .Values.userYaml | indent 4 }}
              typed: {{ kindOf .Values.typed }} {{ .Values.typed }}
              {{- if .Values.broken }}
              {{ fail .Values.broken }}
              {{- end }}
            """;
    private static final String HOOK = """
            {{- if .Values.hook }}
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Release.Name }}-before
              annotations: {helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation}
            {{- end }}
            {{- if .Values.hangsAt }}
            apiVersion: v1
            kind: Pod
            metadata:
              name: {{ .Release.Name }}-hangs
              annotations: {helm.sh/hook: {{ .Values.hangsAt }}, helm.sh/hook-delete-policy: before-hook-creation}
            spec:
              # Helm waits for its end, which such a pod never comes to.
              restartPolicy: Always
              containers: [{name: main, image: "hook:1"}]
            {{- end }}
            """;

    private final String version;
    private final String appVersion;
    private final String more;

    FixtureChart(String version, String appVersion, String more) {
        this.version = version;
        this.appVersion = appVersion;
        this.more = more;
    }

    /** The chart as a folder below this one. */
    Path folder(Path parent) {
        Path chart = parent.resolve("milvus-" + version);
        files().forEach((name, text) -> write(chart.resolve(name), text));
        return chart;
    }

    /** The chart as an archive in this folder. */
    Path archive(Path parent) {
        Path archive = parent.resolve("milvus-" + version + ".tgz");
        try (OutputStream file = Files.newOutputStream(archive);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(file))) {
            for (Map.Entry<String, String> content : files().entrySet()) {
                byte[] text = content.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry("milvus/" + content.getKey());
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return archive;
    }

    private Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("Chart.yaml", """
                apiVersion: v2
                name: milvus
                version: %s
                appVersion: "%s"
                """.formatted(version, appVersion));
        files.put("values.yaml", """
                image: {all: {repository: milvusdb/milvus, tag: v%s}}
                proxy: {replicas: 1}
                userYaml: ""
                typed: none
                %s
                """.formatted(appVersion, this == NEW ? "mixCoordinator: {enabled: false}" : ""));
        files.put("templates/config.yaml", CONFIG);
        files.put("templates/proxy.yaml", DEPLOYMENT + more);
        files.put("templates/hook.yaml", HOOK);
        return files;
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
