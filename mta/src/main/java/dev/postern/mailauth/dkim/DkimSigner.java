package dev.postern.mailauth.dkim;

import dev.postern.dns.DomainName;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageStamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// Signs messages for one domain: one DKIM-Signature for each key, `c=relaxed/relaxed`, all over
/// the whole body, which is hashed once. Shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6376 RFC 6376
/// @rfc 6376 §5
public final class DkimSigner implements MessageStamp {
    private final DomainName domain;
    private final List<SelectedKey> keys;
    private final SigningSettings settings;

    /// @param domain `d=`
    /// @param keys the uppermost signature first, at least one
    /// @throws IllegalArgumentException if there is no key, or a selector makes no name with the
    ///     domain
    public DkimSigner(DomainName domain, List<SelectedKey> keys, SigningSettings settings) {
        this.domain = domain;
        this.keys = List.copyOf(keys);
        this.settings = settings;
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key to sign with for " + domain);
        }
        keys.forEach(key -> key.signer(domain));
    }

    @Override
    public Stamping begin(MessageHeader header) {
        return new Signing(header);
    }

    private final class Signing implements Stamping {
        private final SignedFields fields;
        private final List<String> names;
        private final BodyHashes hashes = new BodyHashes();
        private final BodyHash body = hashes.request(Canonicalization.RELAXED, OptionalLong.empty());

        Signing(MessageHeader header) {
            fields = new SignedFields(header);
            names = settings.namesFor(fields);
        }

        @Override
        public void body(byte[] octets, int offset, int length) {
            hashes.body(octets, offset, length);
        }

        @Override
        public String finish(Instant now) {
            hashes.finish();
            StringBuilder signatures = new StringBuilder();
            for (SelectedKey key : keys) {
                signatures.append(signature(key, now)).append("\r\n");
            }
            return signatures.toString();
        }

        private String signature(SelectedKey selected, Instant now) {
            long made = now.getEpochSecond();
            SignatureWriter field = new SignatureWriter("DKIM-Signature")
                    .tag("v", "1")
                    .tag("a", selected.key().algorithm().tag())
                    .tag("c", "relaxed/relaxed")
                    .tag("d", domain.text())
                    .tag("s", selected.selector().text())
                    .tag("t", Long.toString(made));
            settings.validity()
                    .map(Duration::toSeconds)
                    .ifPresent(seconds -> field.tag("x", Long.toString(made + seconds)));
            field.list("h", names).base64("bh", body.octets());
            byte[] octets = fields.octets(names, field.unsigned(), Canonicalization.RELAXED);
            return field.signed(selected.key().sign(octets)).text();
        }
    }
}
