package io.github.milvusupgrade.k8s.rehearsal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The etcd of a {@link RehearsalCluster}, in which every rehearsed Milvus keeps its metadata, each below a root path of
 * its own: keys in the order of their bytes, revisions, and leases whose time is the cluster's. Rehearsed pods find it
 * behind every Service that leads to a running pod, and at the addresses given to {@link #alsoAt}.
 *
 * <p>Keys and values that are passed as text are UTF-8. All methods are safe for use by several threads.
 */
public final class RehearsedEtcd {

    private static final String SESSIONS = "/session/";

    private final EventLoop loop;
    // Bytes as text of one character each: it sorts like the bytes and needs no more room.
    private final NavigableMap<String, Item> items = new TreeMap<>();
    private final Map<Long, Lease> leases = new HashMap<>();
    private final Set<String> addresses = ConcurrentHashMap.newKeySet();
    private final List<InjectedFault> faults = new CopyOnWriteArrayList<>();
    private final Set<InjectedFault> cuts = ConcurrentHashMap.newKeySet();
    private final Set<InjectedFault> fillings = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String login;
    private volatile boolean tls;
    private long revision = 1;
    private long lastLease = 4_111_120_337_480_993_000L;

    RehearsedEtcd(EventLoop loop) {
        this.loop = loop;
    }

    /** Stores a value. */
    public void put(String key, String value) {
        put(key, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Stores a value. */
    public void put(String key, byte[] value) {
        putRaw(raw(key), value, 0);
    }

    /** The value of a key, as a copy. */
    public synchronized Optional<byte[]> get(String key) {
        return Optional.ofNullable(items.get(raw(key))).map(item -> item.value.clone());
    }

    /** Removes every key that begins like this; how many there were. */
    public int delete(String prefix) {
        return deleteRaw(raw(prefix));
    }

    /** Every key that begins like this, in order, sessions included. */
    public synchronized List<String> keys(String prefix) {
        return withPrefix(raw(prefix)).keySet().stream()
                .map(RehearsedEtcd::text)
                .toList();
    }

    /**
     * What is kept for good below a prefix, for comparisons of before and after: neither keys with a lease nor Milvus'
     * counter of sessions. Values have one character for each byte.
     */
    public synchronized NavigableMap<String, String> snapshot(String prefix) {
        NavigableMap<String, String> snapshot = new TreeMap<>();
        withPrefix(raw(prefix)).forEach((key, item) -> {
            if (item.lease == 0 && !key.contains(SESSIONS)) {
                snapshot.put(text(key), new String(item.value, StandardCharsets.ISO_8859_1));
            }
        });
        return snapshot;
    }

    /** The revision of the last change. */
    public synchronized long revision() {
        return revision;
    }

    /**
     * Stores a key for as long as the session lives, as Milvus registers a component: kept alive until it is revoked or
     * left to expire.
     *
     * @param ttl how long the key outlives a session that was left, in cluster time
     */
    public EtcdSession openSession(String key, String value, Duration ttl) {
        long lease = grant(ttl);
        keep(lease);
        putRaw(raw(key), value.getBytes(StandardCharsets.UTF_8), lease);
        return new EtcdSession(this, lease);
    }

    /** From now on lets only this user in. */
    public void requireLogin(String user, String password) {
        login = user + ":" + password;
    }

    /** From now on speaks TLS only. Certificates are not looked at. */
    public void requireTls() {
        tls = true;
    }

    /** Makes the etcd reachable at a host that is no Service of the cluster, as one that runs elsewhere is. */
    public void alsoAt(String host) {
        addresses.add(host);
    }

    /** From now on no connection to it succeeds. */
    public InjectedFault cutOff() {
        return inject(cuts);
    }

    /** From now on its space is used up: reads succeed, writes fail, and an alarm says so. */
    public InjectedFault fillUp() {
        return inject(fillings);
    }

    private InjectedFault inject(Set<InjectedFault> kind) {
        InjectedFault[] self = new InjectedFault[1];
        InjectedFault fault = new InjectedFault(() -> kind.remove(self[0]));
        self[0] = fault;
        kind.add(fault);
        faults.add(fault);
        return fault;
    }

    void clearFaults() {
        faults.forEach(InjectedFault::clear);
    }

    boolean isCutOff() {
        cuts.forEach(InjectedFault::hit);
        return !cuts.isEmpty();
    }

    boolean isFull() {
        return !fillings.isEmpty();
    }

    boolean isAt(String host) {
        return addresses.contains(host);
    }

    boolean requiresTls() {
        return tls;
    }

    /** What etcd says to these credentials, null if it lets them in. */
    @Nullable
    String refusal(String userAndPassword) {
        if (login == null || userAndPassword.equals(login)) {
            return null;
        }
        return userAndPassword.isEmpty()
                ? "etcdserver: user name is empty"
                : "etcdserver: authentication failed, invalid user ID or password";
    }

    static String raw(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static String text(String raw) {
        return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The keys that begin like this and what they hold, as they are now. */
    synchronized NavigableMap<String, Item> range(String prefix) {
        return new TreeMap<>(withPrefix(prefix));
    }

    /**
     * The keys from one to before another; no end means to the last one. The map is a view, valid for as long as the
     * caller holds the lock of this object.
     */
    NavigableMap<String, Item> view(String from, @Nullable String end) {
        if (end == null) {
            return items.tailMap(from, true);
        }
        return from.compareTo(end) < 0 ? items.subMap(from, true, end, false) : new TreeMap<>();
    }

    private NavigableMap<String, Item> withPrefix(String prefix) {
        return view(prefix, endOf(prefix));
    }

    /** The first key after all that begin with the prefix, null if there is none. */
    static @Nullable String endOf(String prefix) {
        for (int i = prefix.length() - 1; i >= 0; i--) {
            if (prefix.charAt(i) < 0xff) {
                return prefix.substring(0, i) + (char) (prefix.charAt(i) + 1);
            }
        }
        return null;
    }

    synchronized void putRaw(String key, byte[] value, long lease) {
        Item old = items.get(key);
        revision++;
        forget(key, old);
        items.put(
                key,
                new Item(
                        value.clone(),
                        old == null ? revision : old.created,
                        revision,
                        old == null ? 1 : old.version + 1,
                        lease));
        if (lease != 0) {
            Objects.requireNonNull(leases.get(lease), "no such lease").keys.add(key);
        }
    }

    synchronized int deleteRaw(String prefix) {
        NavigableMap<String, Item> doomed = range(prefix);
        if (!doomed.isEmpty()) {
            revision++;
            doomed.forEach(this::forget);
            items.keySet().removeAll(doomed.keySet());
        }
        return doomed.size();
    }

    private void forget(String key, @Nullable Item item) {
        Lease lease = item == null ? null : leases.get(item.lease);
        if (lease != null) {
            lease.keys.remove(key);
        }
    }

    /** A lease that ends by itself unless it is kept. */
    synchronized long grant(Duration ttl) {
        long id = ++lastLease;
        Lease lease = new Lease(ttl);
        leases.put(id, lease);
        lease.end = loop.after(ttl, () -> revoke(id));
        return id;
    }

    /** Keeps a lease alive until it is let go. */
    synchronized void keep(long id) {
        Lease lease = leases.get(id);
        if (lease != null && lease.end != null) {
            lease.end.cancel(false);
            lease.end = null;
        }
    }

    /** Keeps a lease alive no longer: its keys go after its time. */
    synchronized void letGo(long id) {
        Lease lease = leases.get(id);
        if (lease != null && lease.end == null) {
            lease.end = loop.after(lease.ttl, () -> revoke(id));
        }
    }

    synchronized void revoke(long id) {
        Lease lease = leases.remove(id);
        if (lease == null) {
            return;
        }
        if (lease.end != null) {
            lease.end.cancel(false);
        }
        if (!lease.keys.isEmpty()) {
            revision++;
            items.keySet().removeAll(lease.keys);
        }
    }

    /** A key with what etcd knows about it. */
    record Item(byte[] value, long created, long modified, long version, long lease) {}

    private static final class Lease {

        private final Duration ttl;
        private final Set<String> keys = new HashSet<>();
        private @Nullable Future<?> end;

        Lease(Duration ttl) {
            this.ttl = ttl;
        }
    }
}
