package io.github.milvusupgrade.k8s.chart;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The {@code index.yaml} of a repository. Read as a stream, of which only the versions of one chart are kept: an index
 * may be large, and holds many charts. An alias in it stands for its own name, so it can neither grow nor lend.
 */
final class IndexFile {

    static final String NAME = "index.yaml";
    static final int MAX_BYTES = 32 << 20;

    private static final int MAX_DEPTH = 50;

    private final String location;
    private final String chart;
    private final JsonParser yaml;

    private IndexFile(String location, String chart, JsonParser yaml) {
        this.location = location;
        this.chart = chart;
        this.yaml = yaml;
    }

    /**
     * The versions of a chart, the newest first. Entries without a semantic version are passed over, as Helm does.
     *
     * @param location where the index came from, for messages
     */
    static List<ChartVersion> versions(byte[] content, String location, String chart) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(MAX_BYTES);
        limits.setNestingDepthLimit(MAX_DEPTH);
        YAMLFactory factory = YAMLFactory.builder().loaderOptions(limits).build();
        try (JsonParser yaml = factory.createParser(content)) {
            return new IndexFile(location, chart, yaml).read();
        } catch (JsonProcessingException e) {
            String place = e.getCause() instanceof MarkedYAMLException marked ? HelmYaml.place(marked) : "";
            throw unusable(location, "it is no valid YAML" + place);
        } catch (IOException | YAMLException | IllegalArgumentException e) {
            throw unusable(location, "it is no valid YAML");
        }
    }

    private List<ChartVersion> read() throws IOException {
        if (yaml.nextToken() != JsonToken.START_OBJECT) {
            throw unusable(location, "it is not made of keys and values");
        }
        boolean isIndex = false;
        List<ChartVersion> versions = new ArrayList<>();
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            String key = yaml.currentName();
            JsonToken value = yaml.nextToken();
            if (key.equals("entries") && value == JsonToken.START_OBJECT) {
                isIndex = true;
                versions.addAll(entries());
            } else {
                isIndex |= key.equals("entries") && isNothing(value);
                yaml.skipChildren();
            }
        }
        if (!isIndex) {
            throw unusable(location, "it has no \"entries\"");
        }
        versions.sort(ChartVersion.NEWEST_FIRST);
        return Collections.unmodifiableList(versions);
    }

    /** The parser takes what is left out for an empty text, and only {@code ~} for null. */
    private boolean isNothing(JsonToken value) throws IOException {
        return value == JsonToken.VALUE_NULL
                || (value.isScalarValue() && yaml.getText().isEmpty());
    }

    private List<ChartVersion> entries() throws IOException {
        List<ChartVersion> versions = new ArrayList<>();
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = yaml.currentName().equals(chart);
            if (yaml.nextToken() == JsonToken.START_ARRAY && wanted) {
                while (yaml.nextToken() == JsonToken.START_OBJECT) {
                    entry().ifPresent(versions::add);
                }
                expectEndOfList();
            } else {
                yaml.skipChildren();
            }
        }
        return versions;
    }

    private void expectEndOfList() {
        if (yaml.currentToken() != JsonToken.END_ARRAY) {
            throw unusable(
                    location,
                    "what it lists as a version of " + chart + " at line "
                            + yaml.currentTokenLocation().getLineNr() + " is not made of keys and values");
        }
    }

    private Optional<ChartVersion> entry() throws IOException {
        Map<String, String> texts = new HashMap<>();
        List<String> urls = new ArrayList<>();
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            String key = yaml.currentName();
            JsonToken value = yaml.nextToken();
            if (key.equals("urls") && value == JsonToken.START_ARRAY) {
                for (JsonToken url = yaml.nextToken(); url != JsonToken.END_ARRAY; url = yaml.nextToken()) {
                    if (url.isScalarValue()) {
                        urls.add(yaml.getText());
                    } else {
                        yaml.skipChildren();
                    }
                }
            } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                texts.put(key, yaml.getText());
            } else {
                yaml.skipChildren();
            }
        }
        String version = texts.getOrDefault("version", "");
        return SemVer.find(version)
                .map(known -> new ChartVersion(
                        chart,
                        version,
                        texts.getOrDefault("appVersion", ""),
                        urls,
                        Optional.ofNullable(texts.get("digest")).filter(digest -> !digest.isEmpty()),
                        created(texts.getOrDefault("created", ""))));
    }

    private static Optional<Instant> created(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unknownForm) {
            return Optional.empty();
        }
    }

    static UpgradeException tooLarge(String location) {
        return unusable(location, "it has more than " + (MAX_BYTES >> 20) + " MiB");
    }

    private static UpgradeException unusable(String location, String why) {
        return new UpgradeException(
                Code.CHART_UNUSABLE,
                "The index of charts at " + location + " cannot be used: " + why
                        + ". Check that the address is that of a Helm repository.");
    }
}
