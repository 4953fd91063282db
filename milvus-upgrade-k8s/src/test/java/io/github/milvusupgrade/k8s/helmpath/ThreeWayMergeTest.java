package io.github.milvusupgrade.k8s.helmpath;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreeWayMergeTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a field that changes                  | {a: 1}             | {a: 2}             | {a: 1}             | {a: 2}
            a field that is new                   | {}                 | {a: 1}             | {b: 2}             | {b: 2, a: 1}
            a field that only the old one said    | {a: 1, b: 1}       | {b: 1}             | {a: 1, b: 1}       | {b: 1}
            a field that nobody speaks of         | {a: 1}             | {a: 1}             | {a: 1, c: 9}       | {a: 1, c: 9}
            a field that somebody else changed    | {a: 1}             | {a: 1}             | {a: 5}             | {a: 1}
            a field that is null now              | {a: 1}             | {a: null}          | {a: 1}             | {}
            an object                             | {a: {b: 1, c: 1}}  | {a: {b: 2}}        | {a: {b: 1, c: 1, d: 1}} | {a: {b: 2, d: 1}}
            an object that was a text             | {a: 'x'}           | {a: {b: 1}}        | {a: 'x'}           | {a: {b: 1}}
            a list without keys                   | {args: [1, 2]}     | {args: [3]}        | {args: [1, 2]}     | {args: [3]}
            a container that only the old one has | {containers: [{name: 'a'}, {name: 'old'}]} | {containers: [{name: 'a'}]} | {containers: [{name: 'a', p: 1}, {name: 'old'}]} | {containers: [{name: 'a', p: 1}]}
            a sidecar that a webhook put first    | {containers: [{name: 'a', i: 1}]} | {containers: [{name: 'a', i: 2}]} | {containers: [{name: 'side'}, {name: 'a', i: 1}]} | {containers: [{name: 'side'}, {name: 'a', i: 2}]}
            a sidecar that a webhook put last     | {containers: [{name: 'a', i: 1}]} | {containers: [{name: 'a', i: 2}]} | {containers: [{name: 'a', i: 1}, {name: 'side'}]} | {containers: [{name: 'a', i: 2}, {name: 'side'}]}
            items in a new order                  | {env: [{name: 'a'}, {name: 'b'}]} | {env: [{name: 'b'}, {name: 'a'}]} | {env: [{name: 'a'}, {name: 'b'}]} | {env: [{name: 'b'}, {name: 'a'}]}
            a strategy of another type            | {strategy: {type: 'RollingUpdate'}} | {strategy: {type: 'Recreate'}} | {strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '25%'}}} | {strategy: {type: 'Recreate'}}
            a strategy of the same type           | {strategy: {type: 'RollingUpdate'}} | {strategy: {type: 'RollingUpdate'}} | {strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '25%'}}} | {strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '25%'}}}
            a volume with another source          | {volumes: [{name: 'v', emptyDir: {}}]} | {volumes: [{name: 'v', configMap: {name: 'c'}}]} | {volumes: [{name: 'v', emptyDir: {}}]} | {volumes: [{name: 'v', configMap: {name: 'c'}}]}
            a volume with a default               | {volumes: [{name: 'v', configMap: {name: 'c'}}]} | {volumes: [{name: 'v', configMap: {name: 'd'}}]} | {volumes: [{name: 'v', configMap: {name: 'c', defaultMode: 420}}]} | {volumes: [{name: 'v', configMap: {name: 'd', defaultMode: 420}}]}
            ports of a container                  | {ports: [{containerPort: 1}]} | {ports: [{containerPort: 2}]} | {ports: [{containerPort: 1, protocol: 'TCP'}]} | {ports: [{containerPort: 2}]}
            ports of a Service                    | {ports: [{port: 1}]} | {ports: [{port: 1, name: 'n'}]} | {ports: [{port: 1, nodePort: 30001}]} | {ports: [{port: 1, nodePort: 30001, name: 'n'}]}
            ports that share a number             | {ports: []}        | {ports: [{port: 1, protocol: 'TCP'}, {port: 1, protocol: 'UDP'}]} | {ports: [{port: 1, protocol: 'TCP'}]} | {ports: [{port: 1, protocol: 'TCP'}, {port: 1, protocol: 'UDP'}]}
            """)
    void becomes(String what, String before, String wanted, String live, String merged) {
        assertThat(ThreeWayMerge.merge(json(before), json(wanted), json(live)).toString())
                .as(what)
                .isEqualTo(json(merged).toString());
    }
}
