package dev.postern.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/// What the first message of a TLS handshake says about the certificates that its client can use.
///
/// @param checked the kinds of keys whose signatures the client can check, with a cipher suite for each of them
/// @spec https://www.rfc-editor.org/rfc/rfc8446 RFC 8446 §4.1.2
record ClientHello(Set<KeyKind> checked) {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RANDOM_OCTETS = 32;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    /// The suites of TLS 1.2 that go with ECDSA keys: ECDHE with AES in CBC and GCM (RFC 8422, RFC 5289), and
    /// with ChaCha20 (RFC 7905). The suites of TLS 1.3 go with any key.
    private static final Set<Integer> WITH_ECDSA =
            Set.of(0xC009, 0xC00A, 0xC023, 0xC024, 0xC02B, 0xC02C, 0xC0AC, 0xC0AD, 0xC0AE, 0xC0AF, 0xCCA9);

    /// Not suites, but signals (RFC 5746 §3.3, RFC 7507).
    private static final Set<Integer> SIGNALS = Set.of(0x00FF, 0x5600);

    private static final int GREASE_MASK = 0x0F0F;
    private static final int GREASE = 0x0A0A;

    ClientHello {
        checked = Set.copyOf(checked);
    }

    /// What reading came to.
    sealed interface Reading {
        /// The message is not whole yet, and will not be before so many octets more have come.
        ///
        /// @param octets at least 1
        record Unfinished(int octets) implements Reading {}

        /// It is whole.
        record Whole(ClientHello hello) implements Reading {}

        /// These octets are no such message.
        record Other() implements Reading {}
    }

    /// Reads the message from the records that a connection begins with; it may be spread over several of them, none
    /// of which is empty.
    ///
    ///     struct { ContentType type = handshake(22); ProtocolVersion legacy_record_version; uint16 length;
    ///              opaque fragment[length]; } TLSPlaintext;
    ///
    /// @param length how many of the octets have come
    /// @rfc 8446 §5.1
    static Reading read(byte[] octets, int length) {
        ByteBuffer records = ByteBuffer.wrap(octets, 0, length);
        ByteBuffer message = ByteBuffer.allocate(length);
        while (records.hasRemaining()) {
            if ((records.get() & 0xFF) != HANDSHAKE) {
                return new Reading.Other();
            }
            if (records.remaining() < 4) {
                break;
            }
            records.getShort();
            int size = records.getShort() & 0xFFFF;
            if (size == 0) {
                return new Reading.Other();
            }
            int here = Math.min(size, records.remaining());
            message.put(records.slice(records.position(), here));
            records.position(records.position() + here);
        }
        return ofMessage(message.flip());
    }

    ///     struct { HandshakeType msg_type = client_hello(1); uint24 length; ClientHello; } Handshake;
    private static Reading ofMessage(ByteBuffer message) {
        if (message.hasRemaining() && message.get(0) != CLIENT_HELLO) {
            return new Reading.Other();
        }
        if (message.remaining() < 4) {
            return new Reading.Unfinished(4 - message.remaining());
        }
        message.get();
        int size = (message.get() & 0xFF) << 16 | (message.getShort() & 0xFFFF);
        if (message.remaining() < size) {
            return new Reading.Unfinished(size - message.remaining());
        }
        message.limit(message.position() + size);
        try {
            return new Reading.Whole(ofBody(message));
        } catch (BufferUnderflowException | IllegalArgumentException lengthThatLies) {
            return new Reading.Other();
        }
    }

    ///     struct { ProtocolVersion legacy_version; Random random; opaque legacy_session_id<0..32>;
    ///              CipherSuite cipher_suites<2..2^16-2>; opaque legacy_compression_methods<1..2^8-1>;
    ///              Extension extensions<8..2^16-1>; } ClientHello;
    private static ClientHello ofBody(ByteBuffer body) {
        body.getShort();
        skip(body, RANDOM_OCTETS);
        skip(body, body.get() & 0xFF);
        ByteBuffer suites = vector(body);
        skip(body, body.get() & 0xFF);
        Set<KeyKind> signatures = EnumSet.allOf(KeyKind.class);
        boolean tls13 = false;
        ByteBuffer extensions = body.hasRemaining() ? vector(body) : ByteBuffer.allocate(0);
        while (extensions.hasRemaining()) {
            int type = extensions.getShort() & 0xFFFF;
            ByteBuffer value = vector(extensions);
            if (type == SIGNATURE_ALGORITHMS) {
                signatures = signatures(vector(value));
            } else if (type == SUPPORTED_VERSIONS) {
                tls13 = contains(value.slice(1, value.get() & 0xFF), TLS_1_3);
            }
        }
        if (!tls13) {
            signatures.retainAll(withSuites(suites));
        }
        return new ClientHello(signatures);
    }

    /// @rfc 8446 §4.2.3
    private static Set<KeyKind> signatures(ByteBuffer schemes) {
        Set<KeyKind> kinds = EnumSet.noneOf(KeyKind.class);
        while (schemes.hasRemaining()) {
            int scheme = schemes.getShort() & 0xFFFF;
            switch (scheme) {
                case 0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806 -> kinds.add(KeyKind.RSA);
                case 0x0403, 0x0503, 0x0603 -> kinds.add(KeyKind.ECDSA);
                case 0x0807 -> kinds.add(KeyKind.ED25519);
                default -> {} // one that we never use
            }
        }
        return kinds;
    }

    private static Set<KeyKind> withSuites(ByteBuffer suites) {
        Set<KeyKind> kinds = EnumSet.noneOf(KeyKind.class);
        while (suites.hasRemaining()) {
            int suite = suites.getShort() & 0xFFFF;
            if (WITH_ECDSA.contains(suite)) {
                kinds.add(KeyKind.ECDSA);
                kinds.add(KeyKind.ED25519);
            } else if (!SIGNALS.contains(suite) && (suite & GREASE_MASK) != GREASE && suite >> 8 != 0x13) {
                kinds.add(KeyKind.RSA);
            }
        }
        return kinds;
    }

    private static boolean contains(ByteBuffer numbers, int wanted) {
        while (numbers.hasRemaining()) {
            if ((numbers.getShort() & 0xFFFF) == wanted) {
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer vector(ByteBuffer from) {
        int size = from.getShort() & 0xFFFF;
        if (size > from.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer vector = from.slice(from.position(), size);
        from.position(from.position() + size);
        return vector;
    }

    private static void skip(ByteBuffer buffer, int octets) {
        buffer.position(buffer.position() + octets);
    }
}
