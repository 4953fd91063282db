package io.github.milvusupgrade.k8s.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "connect to etcd: password=hunter2 | connect to etcd: password=***",
                "minio: secretAccessKey: \"AbC/12+x\" failed | minio: secretAccessKey: \"***\" failed",
                "accessKeyID=minioadmin, retry | accessKeyID=***, retry",
                "access_key: minioadmin | access_key: ***",
                "Authorization: Bearer eyJhbGciOi.x.y | Authorization: Bearer ***",
                "sent with bearer eyJhbGciOi | sent with bearer ***",
                "pulsar token eyJhbGciOi | pulsar token ***",
                "mysql://root:hunter2@db:3306/milvus | mysql://root:***@db:3306/milvus",
                "{\"passwd\":\"hunter2\",\"user\":\"root\"} | {\"passwd\":\"***\",\"user\":\"root\"}",
                "secrets is forbidden: User \"ci\" cannot list | secrets is forbidden: User \"ci\" cannot list",
                "secret : hunter2 | secret : ***",
                "image milvusdb/milvus:v2.2.16 not found | image milvusdb/milvus:v2.2.16 not found",
            })
    void whatLooksLikeACredentialIsMasked(String text, String masked) {
        assertThat(Redaction.of(text)).isEqualTo(masked);
    }
}
