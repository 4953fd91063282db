package io.github.milvusupgrade.k8s.rehearsal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that clients see. The HTTP server behind it cannot leave HTTP, so a connection on which a client asks for
 * the WebSocket of an {@code exec} is taken out here; everything else is passed on as it comes. One thread for all
 * connections.
 */
final class Front implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Front.class);

    private static final Pattern EXEC =
            Pattern.compile("(GET|POST) /api/v1/namespaces/[^/ ?]+/pods/[^/ ?]+/exec[? ].*", Pattern.DOTALL);
    private static final Pattern UPGRADE = Pattern.compile("(?is).*\r\nupgrade: *websocket *\r\n.*");
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int HEAD_LIMIT = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final InetSocketAddress server;
    private final InetSocketAddress address;
    private final Upgrades upgrades;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final List<Runnable> handovers = new ArrayList<>();
    private volatile boolean closed;

    /** Takes over connections that are no longer HTTP; must not block. */
    @FunctionalInterface
    interface Upgrades {

        /** @param head the request, up to and with the empty line */
        void take(Socket socket, String head);
    }

    Front(InetSocketAddress server, Upgrades upgrades) throws IOException {
        this.server = server;
        this.upgrades = upgrades;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        address = (InetSocketAddress) listener.getLocalAddress();
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::run, "rehearsal-front");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    private void run() {
        try (selector;
                listener) {
            while (!closed) {
                selector.select(this::onReady);
                while (!handovers.isEmpty()) {
                    List<Runnable> leaving = List.copyOf(handovers);
                    handovers.clear();
                    // A channel can block again only after its cancelled key has left the selector.
                    selector.selectNow(this::onReady);
                    leaving.forEach(Runnable::run);
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            LOG.error("the rehearsal cluster's port is lost", e);
        }
    }

    private void onReady(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            accept();
            return;
        }
        End end = (End) key.attachment();
        try {
            if (key.isWritable()) {
                end.flush();
            }
            if (key.isValid() && key.isReadable()) {
                end.read();
            }
        } catch (IOException | CancelledKeyException e) {
            LOG.debug("a connection to the rehearsal cluster broke: {}", e.toString());
            end.closeBoth();
        }
    }

    private void accept() {
        try {
            SocketChannel client = listener.accept();
            if (client != null) {
                register(client, true);
            }
        } catch (IOException e) {
            LOG.debug("a connection to the rehearsal cluster was not accepted: {}", e.toString());
        }
    }

    private End register(SocketChannel channel, boolean isClient) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        End end = new End(channel, isClient);
        end.key = channel.register(selector, SelectionKey.OP_READ, end);
        return end;
    }

    /** One end of a connection that is passed on. */
    private final class End {

        private final SocketChannel channel;
        private final boolean isClient;
        private @Nullable SelectionKey key;
        private @Nullable End peer;
        private @Nullable ByteBuffer unsent;
        private boolean last;
        private String head = "";

        End(SocketChannel channel, boolean isClient) {
            this.channel = channel;
            this.isClient = isClient;
        }

        void read() throws IOException {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                finish();
                return;
            }
            ByteBuffer data = isClient ? withoutUpgrade(buffer.flip()) : buffer.flip();
            if (data.hasRemaining()) {
                peer().send(data);
            }
        }

        /** What is to be passed on. The head of what may be an upgrade is kept until all of it is here. */
        private ByteBuffer withoutUpgrade(ByteBuffer data) {
            String text = head + StandardCharsets.ISO_8859_1.decode(data.duplicate());
            if (!EXEC.matcher(text).matches()) {
                return data;
            }
            int end = text.indexOf(END_OF_HEAD);
            head = end < 0 && text.length() < HEAD_LIMIT ? text : "";
            if (!head.isEmpty()) {
                return NOTHING;
            }
            String whole = text.substring(0, Math.max(0, end) + END_OF_HEAD.length());
            if (UPGRADE.matcher(whole).matches()) {
                handOver(whole);
                return NOTHING;
            }
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        private void handOver(String whole) {
            key().cancel();
            if (peer != null) {
                peer.closeOne();
            }
            handovers.add(() -> {
                try {
                    channel.configureBlocking(true);
                    upgrades.take(channel.socket(), whole);
                } catch (IOException e) {
                    LOG.debug("a connection could not be upgraded: {}", e.toString());
                    closeOne();
                }
            });
        }

        private End peer() throws IOException {
            if (peer == null) {
                peer = register(SocketChannel.open(server), false);
                peer.peer = this;
            }
            return peer;
        }

        /** Writes what the other end has sent; what does not fit keeps the other end from reading on. */
        void send(ByteBuffer data) throws IOException {
            channel.write(data);
            if (data.hasRemaining()) {
                unsent = ByteBuffer.allocate(data.remaining()).put(data).flip();
                key().interestOpsOr(SelectionKey.OP_WRITE);
                peer().key().interestOpsAnd(~SelectionKey.OP_READ);
            }
        }

        void flush() throws IOException {
            if (unsent != null) {
                channel.write(unsent);
                if (unsent.hasRemaining()) {
                    return;
                }
            }
            unsent = null;
            key().interestOpsAnd(~SelectionKey.OP_WRITE);
            if (last) {
                closeBoth();
            } else if (peer != null && peer.key().isValid()) {
                peer.key().interestOpsOr(SelectionKey.OP_READ);
            }
        }

        /** This end has said everything: the other one hears the rest of it, then both end. */
        private void finish() {
            if (peer == null || peer.unsent == null) {
                closeBoth();
                return;
            }
            peer.last = true;
            key().interestOpsAnd(~SelectionKey.OP_READ);
        }

        private void closeBoth() {
            closeOne();
            if (peer != null) {
                peer.closeOne();
            }
        }

        private void closeOne() {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("a connection was already broken: {}", e.toString());
            }
        }

        private SelectionKey key() {
            return Objects.requireNonNull(key);
        }
    }
}
