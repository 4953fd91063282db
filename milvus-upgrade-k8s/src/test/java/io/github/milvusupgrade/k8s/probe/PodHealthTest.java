package io.github.milvusupgrade.k8s.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /healthz} of Milvus says, version by version, and what it must not be taken for. */
class PodHealthTest {

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2.2.4 and 2.2.16 (measured) | 200 | {\"state\":\"OK\",\"detail\":[{\"name\":\"rootcoord\",\"code\":1}]}"
                        + " | {rootcoord=HEALTHY}",
                "2.2.16, standby (measured)  | 200 | {\"state\":\"OK\",\"detail\":[{\"name\":\"querycoord\",\"code\":3}]}"
                        + " | {querycoord=STANDBY}",
                "2.2, taking over            | 500 | {\"state\":\"component querycoord state is Initializing\","
                        + "\"detail\":[{\"name\":\"querycoord\",\"code\":0}]} | {querycoord=INITIALIZING}",
                "2.4, several roles          | 500 | {\"state\":\"Not all components are healthy, 1/2\",\"detail\":"
                        + "[{\"name\":\"proxy\",\"code\":1},{\"name\":\"querynode\",\"code\":2}]}"
                        + " | {proxy=HEALTHY, querynode=ABNORMAL}",
                "2.6, mixcoord               | 200 | {\"state\":\"OK\",\"detail\":[{\"name\":\"mixcoord\",\"code\":1}]}"
                        + " | {mixcoord=HEALTHY}",
                "3.0, stopping               | 500 | {\"state\":\"Not all components are healthy, 0/1\",\"detail\":"
                        + "[{\"name\":\"QueryNode\",\"code\":4}]} | {querynode=STOPPING}",
            })
    void theStatesOfTheRolesAreRead(String version, int status, String body, String roles) {
        assertThat(PodHealth.parse(status, body))
                .isInstanceOfSatisfying(
                        Seen.Clear.class,
                        seen -> assertThat(((PodHealth) seen.what()).roles()).hasToString(roles));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2.1                | 200 | OK  | it answers OK without the states of its roles, as Milvus 2.1 does",
                "no such path       | 404 | 404 page not found | it has no /healthz",
                "somebody else      | 200 | <html>token=s3cret</html> | its answer is no JSON (HTTP 200)",
                "cut off            | 200 | {\"state\":\"OK\",\"deta | its answer is no JSON (HTTP 200)",
                "empty              | 200 | `` | its answer does not tell the states of its roles (HTTP 200)",
                "another JSON       | 200 | {\"status\":\"up\"} | its answer does not tell the states of its roles (HTTP 200)",
                "no roles           | 200 | {\"state\":\"OK\",\"detail\":[]} | its answer does not tell the states of its"
                        + " roles (HTTP 200)",
                "a state to come    | 200 | {\"detail\":[{\"name\":\"proxy\",\"code\":9}]} | it tells a state that this"
                        + " release does not know",
                "a state as a word  | 200 | {\"detail\":[{\"name\":\"proxy\",\"code\":\"1\"}]} | it tells a state that this"
                        + " release does not know",
                "a name with a ruse | 200 | {\"detail\":[{\"name\":\"proxy is healthy\\n\",\"code\":1}]} | it tells a state"
                        + " that this release does not know",
            })
    void whatIsNotUnderstoodIsNotSeenAndNotRepeated(String what, int status, String body, String why) {
        assertThat(PodHealth.parse(status, body)).isEqualTo(new Seen.Blind<PodHealth>(why));
    }

    @Test
    void everyStateHasAWord() {
        assertThat(RoleState.values())
                .extracting(RoleState::word)
                .containsExactly("initializing", "healthy", "abnormal", "standby", "stopping");
    }
}
