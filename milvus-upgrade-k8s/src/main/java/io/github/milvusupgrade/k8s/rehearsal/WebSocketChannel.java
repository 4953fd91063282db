package io.github.milvusupgrade.k8s.rehearsal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The server's end of a WebSocket (RFC 6455), as far as Kubernetes' streams need it: binary messages out, whole frames
 * in. One thread reads; any may write.
 */
final class WebSocketChannel implements AutoCloseable {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int FRAME_LIMIT = 1 << 20;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private boolean closeSent;

    WebSocketChannel(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** What proves to the client that the server has understood its key. */
    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** Sends one binary message that begins with the number of a stream. */
    void send(int stream, byte[] data, int length) throws IOException {
        byte[] message = new byte[length + 1];
        message[0] = (byte) stream;
        System.arraycopy(data, 0, message, 1, length);
        frame(BINARY, message);
    }

    /** Says that nothing more will come. */
    synchronized void sendClose() throws IOException {
        if (!closeSent) {
            closeSent = true;
            frame(CLOSE, new byte[] {(byte) (1000 >> 8), (byte) 1000});
        }
    }

    /** Reads, and answers pings, until the client closes its end or goes away. What the client writes is dropped. */
    void readToEnd() throws IOException {
        int opcode = 0;
        while (opcode != CLOSE) {
            int first = in.read();
            if (first < 0) {
                return;
            }
            opcode = first & 0x0f;
            byte[] payload = payload();
            if (opcode == PING) {
                frame(PONG, payload);
            }
        }
        sendClose();
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if ((second & 0x80) == 0 || length < 0 || length > FRAME_LIMIT) {
            throw new EOFException("a client's frame is masked and has at most " + FRAME_LIMIT + " bytes");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        if (mask.length < 4 || payload.length < length) {
            throw new EOFException("the client went away within a frame");
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private synchronized void frame(int opcode, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 1 << 16) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload).flip();
        out.write(frame.array(), 0, frame.limit());
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
