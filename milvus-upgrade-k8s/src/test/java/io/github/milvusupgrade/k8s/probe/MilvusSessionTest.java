package io.github.milvusupgrade.k8s.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.etcd.EtcdEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MilvusSessionTest {

    private static final String PREFIX = "by-dev/meta/session/";

    @Test
    void theCoordinatorWithTheKeyOfItsRoleAloneIsActive() {
        String value = "{\"ServerID\":6,\"ServerName\":\"querycoord\",\"Address\":\"10.88.0.29:19531\","
                + "\"Exclusive\":true,\"TriggerKill\":true,\"Version\":\"2.2.16\"}";

        assertThat(session("querycoord", value))
                .contains(new MilvusSession("querycoord", "10.88.0.29", 6, true, "2.2.16"));
        assertThat(session("querycoord-7", value))
                .contains(new MilvusSession("querycoord", "10.88.0.29", 6, false, "2.2.16"));
    }

    @Test
    void aDevelopmentBuildSaysSo() {
        assertThat(session("proxy-3", "{\"ServerName\":\"proxy\",\"Address\":\"a:1\",\"Version\":\"2.2.3-pre+dev\"}"))
                .contains(new MilvusSession("proxy", "a", 0, false, "2.2.3-pre+dev"));
    }

    @Test
    void milvus21SaysNoVersion() {
        assertThat(session("proxy-3", "{\"ServerName\":\"proxy\",\"Address\":\"[fd00::1]:19530\"}"))
                .contains(new MilvusSession("proxy", "[fd00::1]", 0, false, ""));
    }

    @Test
    void whatIsNoVersionIsNotRepeated() {
        assertThat(session("proxy-3", "{\"ServerName\":\"proxy\",\"Address\":\"a:1\",\"Version\":\"pass word\"}"))
                .contains(new MilvusSession("proxy", "a", 0, false, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42",
                "not JSON",
                "{}",
                "{\"ServerName\":\"proxy\"}",
                "{\"ServerName\":\"two words\",\"Address\":\"a:1\"}"
            })
    void otherKeysAreNoSessions(String value) {
        assertThat(session("id", value)).isEmpty();
    }

    private static Optional<MilvusSession> session(String key, String value) {
        return MilvusSession.of(new EtcdEntry(PREFIX + key, value.getBytes(StandardCharsets.UTF_8), true), PREFIX);
    }
}
