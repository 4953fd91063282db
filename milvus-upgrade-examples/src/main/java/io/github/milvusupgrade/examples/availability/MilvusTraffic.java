package io.github.milvusupgrade.examples.availability;

import io.milvus.client.MilvusClient;
import io.milvus.client.MilvusServiceClient;
import io.milvus.common.clientenum.ConsistencyLevelEnum;
import io.milvus.grpc.DataType;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.SearchResults;
import io.milvus.param.ConnectParam;
import io.milvus.param.IndexType;
import io.milvus.param.MetricType;
import io.milvus.param.R;
import io.milvus.param.collection.CreateCollectionParam;
import io.milvus.param.collection.DropCollectionParam;
import io.milvus.param.collection.FieldType;
import io.milvus.param.collection.LoadCollectionParam;
import io.milvus.param.dml.InsertParam;
import io.milvus.param.dml.QueryParam;
import io.milvus.param.dml.SearchParam;
import io.milvus.param.index.CreateIndexParam;
import io.milvus.response.QueryResultsWrapper;
import io.milvus.response.SearchResultsWrapper;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Inserts into a collection of its own and searches there, by the official SDK. */
final class MilvusTraffic implements Traffic {

    private static final int DIMENSION = 16;
    private static final int ROWS = 10;
    private static final int ROWS_AT_ONCE = 1_000;
    /** A little less than an attempt may take, so that the SDK says itself what it waited for. */
    private static final long ATTEMPT_SECONDS = 4;

    private static final long PATIENCE_SECONDS = 60;

    private final MilvusServiceClient client;
    private final MilvusClient attempts;
    private final String collection;
    private final AtomicLong nextRow = new AtomicLong();
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private boolean complete;

    private MilvusTraffic(MilvusServiceClient client, String collection) {
        this.client = client;
        this.attempts = client.withTimeout(ATTEMPT_SECONDS, TimeUnit.SECONDS);
        this.collection = collection;
    }

    /** Connect, and make a collection of that name. */
    static MilvusTraffic connect(String host, int port, String collection) {
        MilvusServiceClient client = new MilvusServiceClient(ConnectParam.newBuilder()
                .withHost(host)
                .withPort(port)
                .withConnectTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .withRpcDeadline(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .build());
        MilvusTraffic traffic = new MilvusTraffic(client, collection);
        try {
            traffic.prepare();
            return traffic;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private void prepare() {
        answer(client.createCollection(CreateCollectionParam.newBuilder()
                .withCollectionName(collection)
                .withShardsNum(2)
                .addFieldType(FieldType.newBuilder()
                        .withName("id")
                        .withDataType(DataType.Int64)
                        .withPrimaryKey(true)
                        .build())
                .addFieldType(FieldType.newBuilder()
                        .withName("v")
                        .withDataType(DataType.FloatVector)
                        .withDimension(DIMENSION)
                        .build())
                .build()));
        answer(client.createIndex(CreateIndexParam.newBuilder()
                .withCollectionName(collection)
                .withFieldName("v")
                .withIndexType(IndexType.IVF_FLAT)
                .withMetricType(MetricType.L2)
                .withExtraParam("{\"nlist\":16}")
                .withSyncMode(false)
                .build()));
        answer(client.loadCollection(LoadCollectionParam.newBuilder()
                .withCollectionName(collection)
                .withSyncLoad(true)
                .withSyncLoadWaitingTimeout(PATIENCE_SECONDS)
                .build()));
        insert();
    }

    // tag::probe-by-sdk[]
    @Override
    public void insert() {
        long first = nextRow.getAndAdd(ROWS);
        List<Long> ids = LongStream.range(first, first + ROWS).boxed().toList();
        answer(attempts.insert(InsertParam.newBuilder()
                .withCollectionName(collection)
                .withFields(List.of(
                        new InsertParam.Field("id", ids),
                        new InsertParam.Field(
                                "v", ids.stream().map(this::vector).toList())))
                .build()));
        acknowledged.addAll(ids);
    }

    @Override
    public void search() {
        SearchResults found = answer(attempts.search(SearchParam.newBuilder()
                .withCollectionName(collection)
                .withConsistencyLevel(ConsistencyLevelEnum.EVENTUALLY)
                .withMetricType(MetricType.L2)
                .withVectorFieldName("v")
                .withVectors(List.of(vector(0)))
                .withParams("{\"nprobe\":8}")
                .withTopK(5)
                .build()));
        if (new SearchResultsWrapper(found.getResults()).getIDScore(0).isEmpty()) {
            throw new IllegalStateException("The search found nothing, although there are rows.");
        }
    }

    /** The SDK hands failures out as values. */
    private static <T> T answer(R<T> result) {
        if (result.getStatus() != R.Status.Success.getCode()) {
            throw new IllegalStateException(result.getMessage());
        }
        return result.getData();
    }
    // end::probe-by-sdk[]

    /** Asks for every row by its id, because rows whose answer was lost would make up for rows that are lost. */
    @Override
    public RowCount count() {
        long end = nextRow.get();
        Set<Long> missing = new TreeSet<>(acknowledged);
        long unacknowledged = 0;
        for (long first = 0; first < end; first += ROWS_AT_ONCE) {
            for (long id : found(first, first + ROWS_AT_ONCE)) {
                if (!missing.remove(id)) {
                    unacknowledged++;
                }
            }
        }
        complete = missing.isEmpty();
        return new RowCount(acknowledged.size(), missing.size(), unacknowledged);
    }

    private List<Long> found(long from, long until) {
        QueryResults rows = answer(client.query(QueryParam.newBuilder()
                .withCollectionName(collection)
                .withConsistencyLevel(ConsistencyLevelEnum.STRONG)
                .withExpr("id >= " + from + " and id < " + until)
                .withOutFields(List.of("id"))
                .build()));
        return new QueryResultsWrapper(rows)
                .getFieldWrapper("id").getFieldData().stream()
                        .map(Long.class::cast)
                        .toList();
    }

    private List<Float> vector(long seed) {
        return new Random(seed)
                .doubles(DIMENSION)
                .mapToObj(value -> (float) value)
                .toList();
    }

    /** The collection goes, unless rows are missing or nobody has looked: then somebody may want to. */
    @Override
    public void close() {
        try {
            if (complete) {
                complete = false;
                answer(client.dropCollection(DropCollectionParam.newBuilder()
                        .withCollectionName(collection)
                        .build()));
            }
        } finally {
            client.close();
        }
    }
}
