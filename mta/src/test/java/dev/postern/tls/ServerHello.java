package dev.postern.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;

/// What the octets of a server tell in the clear about the handshake that it agreed to.
///
/// @param version the protocol: 0x0304 is TLS 1.3
/// @param group the key exchange of TLS 1.3: 0x11EC is X25519MLKEM768, 0x001D X25519, 0x0017 secp256r1
/// @param resumed whether it goes on with an earlier session, and shows no certificate
/// @rfc 8446 §4.1.3
record ServerHello(int version, OptionalInt group, boolean resumed) {
    private static final int HANDSHAKE = 22;
    private static final int HELLO = 2;
    private static final int CERTIFICATE = 11;
    private static final int PRE_SHARED_KEY = 41;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;

    /// The random of a HelloRetryRequest (RFC 8446 §4.1.3).
    private static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    /// Reads all that a server has said up to its Finished.
    static ServerHello in(byte[] said) {
        ByteBuffer messages = ByteBuffer.wrap(handshakes(said));
        ServerHello hello = null;
        while (hello == null) {
            int type = messages.get();
            ByteBuffer body = part(messages, length(messages, 3));
            if (type != HELLO) {
                throw new AssertionError("a server begins with handshake message " + type);
            }
            hello = hello(body);
        }
        boolean old = hello.version < 0x0304;
        boolean certificate = old && messages.hasRemaining() && messages.get() == CERTIFICATE;
        return old ? new ServerHello(hello.version, hello.group, !certificate) : hello;
    }

    private static ServerHello hello(ByteBuffer body) {
        int version = body.getShort() & 0xFFFF;
        byte[] random = new byte[32];
        body.get(random);
        part(body, length(body, 1));
        body.position(body.position() + 3); // cipher, compression
        OptionalInt group = OptionalInt.empty();
        boolean resumed = false;
        ByteBuffer extensions = body.hasRemaining() ? part(body, length(body, 2)) : ByteBuffer.allocate(0);
        while (extensions.hasRemaining()) {
            int type = extensions.getShort() & 0xFFFF;
            ByteBuffer extension = part(extensions, length(extensions, 2));
            switch (type) {
                case SUPPORTED_VERSIONS -> version = extension.getShort() & 0xFFFF;
                case KEY_SHARE -> group = OptionalInt.of(extension.getShort() & 0xFFFF);
                case PRE_SHARED_KEY -> resumed = true;
                default -> {} // says nothing about the key exchange
            }
        }
        return Arrays.equals(random, RETRY) ? null : new ServerHello(version, group, resumed);
    }

    /// What stands in the records of the handshake that are in the clear: up to the first other one that is no
    /// ChangeCipherSpec before it.
    private static byte[] handshakes(byte[] said) {
        ByteBuffer records = ByteBuffer.wrap(said);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        while (records.remaining() >= 5) {
            int type = records.get();
            records.getShort();
            int length = length(records, 2);
            if (length > records.remaining()) {
                break;
            }
            byte[] content = new byte[length];
            records.get(content);
            if (type == HANDSHAKE) {
                messages.writeBytes(content);
            }
        }
        return messages.toByteArray();
    }

    private static int length(ByteBuffer from, int octets) {
        int length = 0;
        for (int i = 0; i < octets; i++) {
            length = (length << 8) | (from.get() & 0xFF);
        }
        return length;
    }

    private static ByteBuffer part(ByteBuffer from, int length) {
        ByteBuffer part = from.slice(from.position(), length);
        from.position(from.position() + length);
        return part;
    }
}
