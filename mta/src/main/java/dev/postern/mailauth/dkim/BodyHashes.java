package dev.postern.mailauth.dkim;

import dev.postern.crypto.Sha256;
import dev.postern.message.BodySink;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// All hashes of one body, taken in one pass: each canonical form is made once and hashed once, the
/// hash of a beginning (`l=`) is a snapshot taken on the way. Used by one thread.
///
/// @rfc 6376 §3.7
public final class BodyHashes implements BodySink {
    private final Map<Canonicalization, Form> forms = new EnumMap<>(Canonicalization.class);

    /// Asks for a hash, before the body is shown.
    ///
    /// @param length how many octets of the canonical form are hashed, from 0; empty for all
    public BodyHash request(Canonicalization canonicalization, OptionalLong length) {
        return forms.computeIfAbsent(canonicalization, Form::new).request(length);
    }

    @Override
    public void body(byte[] octets, int offset, int length) {
        for (Form form : forms.values()) {
            form.canonicalizer.body(octets, offset, length);
        }
    }

    /// Ends the body: all hashes are there.
    public void finish() {
        for (Form form : forms.values()) {
            form.finish();
        }
    }

    private static final class Form implements BodySink {
        private final BodyCanonicalizer canonicalizer;
        private final TreeMap<Long, BodyHash> waiting = new TreeMap<>();
        private final List<BodyHash> all = new ArrayList<>();
        private final MessageDigest digest = Sha256.begin();
        private long total;

        Form(Canonicalization canonicalization) {
            canonicalizer = new BodyCanonicalizer(canonicalization, this);
        }

        BodyHash request(OptionalLong length) {
            BodyHash hash = new BodyHash(length);
            BodyHash same = waiting.putIfAbsent(hash.length(), hash);
            if (same != null) {
                return same;
            }
            all.add(hash);
            return hash;
        }

        /// Takes octets of the canonical form.
        @Override
        public void body(byte[] octets, int offset, int length) {
            int at = offset;
            int end = offset + length;
            while (!waiting.isEmpty()) {
                long until = waiting.firstKey() - total;
                if (until > end - at) {
                    digest.update(octets, at, end - at);
                    break;
                }
                digest.update(octets, at, (int) until);
                waiting.pollFirstEntry().getValue().take(snapshot());
                at += (int) until;
                total += until;
            }
            total += end - at;
        }

        private byte[] snapshot() {
            try {
                return ((MessageDigest) digest.clone()).digest();
            } catch (CloneNotSupportedException broken) {
                throw new IllegalStateException("the SHA-256 of every JDK can be cloned", broken);
            }
        }

        void finish() {
            canonicalizer.finish();
            BodyHash whole = waiting.remove(Long.MAX_VALUE);
            if (whole != null) {
                whole.take(digest.digest());
            }
            all.forEach(hash -> hash.end(total));
        }
    }
}
