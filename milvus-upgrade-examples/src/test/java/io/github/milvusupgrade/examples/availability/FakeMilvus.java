package io.github.milvusupgrade.examples.availability;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IDs;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.SearchResultData;
import io.milvus.grpc.SearchResults;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.Status;
import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Milvus of one collection that speaks its protocol, and fails as a test tells it. */
final class FakeMilvus extends MilvusServiceGrpc.MilvusServiceImplBase implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("id >= (\\d+) and id < (\\d+)");
    private static final Status OK =
            Status.newBuilder().setErrorCode(ErrorCode.Success).build();

    private final Server server;
    private final NavigableSet<Long> rows = new ConcurrentSkipListSet<>();
    private volatile String refusal = "";
    private volatile boolean answersAreLost;
    private volatile @Nullable CollectionSchema schema;

    FakeMilvus() throws IOException {
        server = NettyServerBuilder.forPort(0).addService(this).build().start();
    }

    int port() {
        return server.getPort();
    }

    /** Answer inserts and searches with an error. */
    void refuse(String reason) {
        refusal = reason;
    }

    /** Take rows in, but let nobody know. */
    void loseAnswers() {
        answersAreLost = true;
    }

    void recover() {
        refusal = "";
        answersAreLost = false;
    }

    void lose(long row) {
        rows.remove(row);
    }

    boolean hasCollection() {
        return schema != null;
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    @Override
    public void createCollection(CreateCollectionRequest request, StreamObserver<Status> caller) {
        try {
            schema = CollectionSchema.parseFrom(request.getSchema());
            answer(caller, OK);
        } catch (InvalidProtocolBufferException e) {
            caller.onError(e);
        }
    }

    @Override
    public void describeCollection(
            DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> caller) {
        answer(
                caller,
                DescribeCollectionResponse.newBuilder()
                        .setStatus(OK)
                        .setSchema(schema)
                        .build());
    }

    @Override
    public void createIndex(CreateIndexRequest request, StreamObserver<Status> caller) {
        answer(caller, OK);
    }

    @Override
    public void loadCollection(LoadCollectionRequest request, StreamObserver<Status> caller) {
        answer(caller, OK);
    }

    @Override
    public void showCollections(ShowCollectionsRequest request, StreamObserver<ShowCollectionsResponse> caller) {
        answer(
                caller,
                ShowCollectionsResponse.newBuilder()
                        .setStatus(OK)
                        .addAllCollectionNames(request.getCollectionNamesList())
                        .addInMemoryPercentages(100)
                        .build());
    }

    @Override
    public void dropCollection(DropCollectionRequest request, StreamObserver<Status> caller) {
        schema = null;
        answer(caller, OK);
    }

    @Override
    public void insert(InsertRequest request, StreamObserver<MutationResult> caller) {
        if (refusal.isEmpty()) {
            request.getFieldsDataList().stream()
                    .filter(field -> field.getFieldName().equals("id"))
                    .forEach(field ->
                            rows.addAll(field.getScalars().getLongData().getDataList()));
        }
        if (answersAreLost) {
            caller.onError(Code.UNAVAILABLE
                    .toStatus()
                    .withDescription("connection reset")
                    .asRuntimeException());
            return;
        }
        answer(caller, MutationResult.newBuilder().setStatus(status()).build());
    }

    @Override
    public void search(SearchRequest request, StreamObserver<SearchResults> caller) {
        List<Long> hits = rows.stream().limit(1).toList();
        answer(
                caller,
                SearchResults.newBuilder()
                        .setStatus(status())
                        .setResults(SearchResultData.newBuilder()
                                .setNumQueries(1)
                                .setTopK(hits.size())
                                .addTopks(hits.size())
                                .setIds(IDs.newBuilder().setIntId(longs(hits)))
                                .addAllScores(hits.stream().map(hit -> 0f).toList()))
                        .build());
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryResults> caller) {
        Matcher range = RANGE.matcher(request.getExpr());
        if (!range.matches()) {
            throw new IllegalArgumentException(request.getExpr());
        }
        NavigableSet<Long> found = rows.subSet(Long.valueOf(range.group(1)), true, Long.valueOf(range.group(2)), false);
        answer(
                caller,
                QueryResults.newBuilder()
                        .setStatus(OK)
                        .addFieldsData(FieldData.newBuilder()
                                .setFieldName("id")
                                .setType(DataType.Int64)
                                .setScalars(ScalarField.newBuilder().setLongData(longs(found))))
                        .build());
    }

    private Status status() {
        return refusal.isEmpty()
                ? OK
                : Status.newBuilder()
                        .setErrorCode(ErrorCode.UnexpectedError)
                        .setReason(refusal)
                        .build();
    }

    private static <T> void answer(StreamObserver<T> caller, T what) {
        caller.onNext(what);
        caller.onCompleted();
    }

    private static LongArray longs(Iterable<Long> values) {
        return LongArray.newBuilder().addAllData(values).build();
    }
}
