package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.k8s.api.Time;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A repository behind an address, as {@code helm repo add} takes it. */
final class HttpRepository implements ChartRepository {

    private final URI home;
    private final PatientDownload download;

    private HttpRepository(URI home, PatientDownload download) {
        this.home = home;
        this.download = download;
    }

    static HttpRepository open(URI address, Optional<BasicAuth> given, Duration atMost, Time time) {
        Optional<BasicAuth> auth =
                given.or(() -> Optional.ofNullable(address.getRawUserInfo()).map(BasicAuth::ofUserInfo));
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        URI home = URI.create(address.getScheme() + "://" + address.getHost() + port
                + (path.endsWith("/") ? path : path + "/") + query);
        return new HttpRepository(home, new PatientDownload(new HttpDownload(home, auth, atMost), time));
    }

    @Override
    public String location() {
        return HttpDownload.shown(home);
    }

    @Override
    public List<ChartVersion> versions(String chart) {
        URI index = withQueryOfHome(home.resolve(IndexFile.NAME));
        try {
            return IndexFile.versions(download.fetch(index, IndexFile.MAX_BYTES), HttpDownload.shown(index), chart);
        } catch (BoundedBody.TooLargeException e) {
            throw IndexFile.tooLarge(HttpDownload.shown(index));
        }
    }

    @Override
    public Path fetch(ChartVersion version, Path directory) {
        return fetch(version, directory, download, home);
    }

    /** Fetches what an index points at, relative to the address of that index. */
    static Path fetch(ChartVersion version, Path directory, PatientDownload download, URI home) {
        URI from = FetchedChart.address(version, home);
        try {
            return FetchedChart.of(version, download.fetch(from, ChartArchive.MAX_PACKED_BYTES), from)
                    .save(directory);
        } catch (BoundedBody.TooLargeException e) {
            throw FetchedChart.tooLarge(version, HttpDownload.shown(from));
        }
    }

    /** Some servers want a token there, and Helm sends it with the index, too. */
    private URI withQueryOfHome(URI uri) {
        return home.getRawQuery() == null ? uri : URI.create(uri + "?" + home.getRawQuery());
    }

    @Override
    public String toString() {
        return location();
    }
}
