package dev.postern.mailauth.arc;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.BodyHash;
import dev.postern.mailauth.dkim.BodyHashes;
import dev.postern.mailauth.dkim.Canonicalization;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SignatureWriter;
import dev.postern.mailauth.dkim.SignedFields;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageStamp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/// Adds the next set to the chains of messages that we carry on. Shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8617 RFC 8617
/// @rfc 8617 §5.1
public final class ArcSealer {
    private static final String DKIM = "dkim-signature";
    private static final int LONGEST_LINE = 78;

    private final DomainName domain;
    private final SelectedKey key;
    private final SigningSettings settings;

    /// @param domain the domain that seals
    /// @param settings which fields the signature covers, beside all DKIM-Signatures; its validity is
    ///     not used, since a chain lives as long as the message
    /// @throws IllegalArgumentException if the selector makes no name with the domain
    public ArcSealer(DomainName domain, SelectedKey key, SigningSettings settings) {
        this.domain = domain;
        this.key = key;
        this.settings = settings;
        key.signer(domain);
    }

    /// What seals one message.
    ///
    /// No field is added to a chain that had failed before us, to one of fifty sets, or where DNS
    /// kept us from knowing what the chain is worth: a seal that says so would break it for ever.
    ///
    /// @param received what became of the chain with which the message came
    /// @param results what we found, as Authentication-Results says it: our name, a semicolon, the
    ///     results; folded or not, in ISO 8859-1
    /// @throws IllegalArgumentException if the results are not the text of a field
    public MessageStamp stamp(ArcResult received, String results) {
        if (!isFieldText(results)) {
            throw new IllegalArgumentException("not the text of a field");
        }
        return header -> new Sealing(header, received, results);
    }

    private static boolean isFieldText(String text) {
        String unfolded = text.replace("\r\n ", " ").replace("\r\n\t", "\t");
        return !unfolded.isBlank()
                && unfolded.indexOf('\r') < 0
                && unfolded.indexOf('\n') < 0
                && unfolded.indexOf('\0') < 0;
    }

    private final class Sealing implements MessageStamp.Stamping {
        private final ArcChain chain;
        private final SignedFields fields;
        private final ArcResult received;
        private final String results;
        private final BodyHashes hashes = new BodyHashes();
        private final BodyHash body = hashes.request(Canonicalization.RELAXED, OptionalLong.empty());

        Sealing(MessageHeader header, ArcResult received, String results) {
            this.chain = ArcChain.read(header);
            this.fields = new SignedFields(header);
            this.received = received;
            this.results = results;
        }

        @Override
        public void body(byte[] octets, int offset, int length) {
            hashes.body(octets, offset, length);
        }

        @Override
        public String finish(Instant now) {
            hashes.finish();
            if (chain.ended()
                    || chain.highest() >= ArcChain.MOST_SETS
                    || received.findings().temporary()) {
                return "";
            }
            String instance = Integer.toString(chain.highest() + 1);
            HeaderField found = results(instance);
            HeaderField signature = signature(instance, now);
            HeaderField seal = seal(instance, now, found, signature);
            return seal.text() + "\r\n" + signature.text() + "\r\n" + found.text() + "\r\n";
        }

        /// What is said of the chain: none where there is none, fail where its fields are in no
        /// order now, whatever they were.
        private ArcStatus status() {
            if (chain.highest() == 0 && chain.fault().isEmpty()) {
                return ArcStatus.NONE;
            }
            return chain.fault().isEmpty() && received.passed() ? ArcStatus.PASS : ArcStatus.FAIL;
        }

        private HeaderField results(String instance) {
            String begin = ArcSet.RESULTS + ": i=" + instance + ";";
            int lineEnd = results.indexOf("\r\n");
            int firstLine = lineEnd < 0 ? results.length() : lineEnd;
            boolean fits = begin.length() + 1 + firstLine <= LONGEST_LINE;
            return HeaderField.of(begin + (fits ? " " : "\r\n\t") + results.strip());
        }

        private SignatureWriter begin(String name, String instance) {
            return new SignatureWriter(name)
                    .tag("i", instance)
                    .tag("a", key.key().algorithm().tag());
        }

        /// @rfc 8617 §4.1.2
        private HeaderField signature(String instance, Instant now) {
            List<String> names = new ArrayList<>(settings.namesFor(fields));
            names.addAll(Collections.nCopies(Math.min(fields.count(DKIM), ArcChain.MOST_SETS), DKIM));
            SignatureWriter field = begin(ArcSet.SIGNATURE, instance)
                    .tag("c", "relaxed/relaxed")
                    .tag("d", domain.text())
                    .tag("s", key.selector().text())
                    .tag("t", Long.toString(now.getEpochSecond()))
                    .list("h", names)
                    .base64("bh", body.octets());
            return field.signed(key.key().sign(fields.octets(names, field.unsigned(), Canonicalization.RELAXED)));
        }

        /// @rfc 8617 §5.1.1
        /// @rfc 8617 §5.1.2
        private HeaderField seal(String instance, Instant now, HeaderField found, HeaderField signature) {
            SignatureWriter field = begin(ArcSet.SEAL, instance)
                    .tag("t", Long.toString(now.getEpochSecond()))
                    .tag("cv", status().word())
                    .tag("d", domain.text())
                    .tag("s", key.selector().text());
            StringBuilder sealed = new StringBuilder();
            if (status() == ArcStatus.PASS) {
                chain.sets().forEach(set -> sealed.append(set.canonical()));
            }
            sealed.append(new ArcSet(found, signature, field.unsigned()).sealed());
            return field.signed(key.key().sign(sealed.toString().getBytes(StandardCharsets.ISO_8859_1)));
        }
    }
}
