package dev.postern.mailauth.dkim;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.TagList;
import dev.postern.message.BodySink;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The verification of one message. Used by one thread.
///
/// @rfc 6376 §6.1
public final class DkimVerification implements BodySink {
    private static final String FIELD = "DKIM-Signature";

    private final SignedFields fields;
    private final SigningKeys keys;
    private final BodyHashes hashes = new BodyHashes();
    private final List<Candidate> candidates = new ArrayList<>();
    private final int notLookedAt;
    private boolean ended;

    DkimVerification(MessageHeader header, SigningKeys keys, DkimSettings settings, Instant now) {
        this.fields = new SignedFields(header);
        this.keys = keys;
        List<HeaderField> signatures = header.named(FIELD);
        for (HeaderField field :
                signatures.stream().limit(settings.mostSignatures()).toList()) {
            candidates.add(candidate(field, now, settings));
        }
        this.notLookedAt = signatures.size() - candidates.size();
    }

    /// A signature on its way to a result.
    private sealed interface Candidate {}

    /// One that is decided without the body.
    private record Decided(DkimResult result) implements Candidate {}

    /// One that waits for the hash of the body.
    private record Waiting(MessageSignature signature, DkimResult.Claim claim, BodyHash body) implements Candidate {}

    private Candidate candidate(HeaderField field, Instant now, DkimSettings settings) {
        DkimResult.Claim claim = DkimResult.Claim.none();
        try {
            TagList tags = SignatureTags.of(field);
            claim = DkimResult.Claim.of(tags);
            MessageSignature signature = MessageSignature.dkim(field, tags);
            signature.checkTimes(now, settings.clockSkew());
            return new Waiting(signature, claim, signature.request(hashes));
        } catch (SignatureFault fault) {
            return new Decided(DkimResult.of(fault, claim));
        }
    }

    @Override
    public void body(byte[] octets, int offset, int length) {
        hashes.body(octets, offset, length);
    }

    /// The names of the keys that are needed, once the whole body was shown, each once: for whoever
    /// asks for all of them at the same time.
    public Set<DomainName> keyNames() {
        end();
        Set<DomainName> names = new LinkedHashSet<>();
        for (Candidate candidate : candidates) {
            if (candidate instanceof Waiting waiting && waiting.signature().covers(waiting.body())) {
                names.add(waiting.signature().signer().keyName());
            }
        }
        return names;
    }

    private void end() {
        if (!ended) {
            hashes.finish();
            ended = true;
        }
    }

    /// What became of the signatures, once the whole body was shown; waits for DNS.
    public DkimResults finish() {
        return finish(keys.resolver());
    }

    /// The same by the keys that another resolver finds.
    public DkimResults finish(Resolver resolver) {
        end();
        List<DkimResult> results = new ArrayList<>();
        for (Candidate candidate : candidates) {
            results.add(
                    switch (candidate) {
                        case Decided decided -> decided.result();
                        case Waiting waiting -> finish(waiting, resolver);
                    });
        }
        return new DkimResults(results, notLookedAt);
    }

    private DkimResult finish(Waiting waiting, Resolver resolver) {
        MessageSignature signature = waiting.signature();
        BodyHash body = waiting.body();
        if (body.tooShort()) {
            return DkimResult.of(
                    SignatureFault.permanent(
                            "l= is beyond the body, which has " + body.total() + " octets in canonical form"),
                    waiting.claim());
        }
        if (!signature.covers(body)) {
            return new DkimResult(
                    DkimOutcome.FAIL,
                    "the body is not the one that was signed",
                    waiting.claim(),
                    new DkimResult.Findings(
                            KeyCheck.Key.NONE,
                            new DkimResult.Coverage(body.uncovered(), List.of(), List.of()),
                            List.of()));
        }
        KeyCheck check =
                keys.check(resolver, signature.signer(), signature.signedOctets(fields), signature.signature());
        DkimResult.Coverage coverage = new DkimResult.Coverage(
                body.uncovered(), fields.beyond(signature.names()), fields.closed(signature.names()));
        DkimResult.Findings findings = new DkimResult.Findings(check.key(), coverage, check.evidence());
        boolean subdomain =
                !signature.identityDomain().equals(signature.signer().domain());
        if (check.passed() && check.key().strict() && subdomain) {
            return new DkimResult(
                    DkimOutcome.PERMERROR,
                    "the key (t=s) does not speak for subdomains of "
                            + signature.signer().domain(),
                    waiting.claim(),
                    findings);
        }
        return new DkimResult(check.outcome(), check.why(), waiting.claim(), findings);
    }
}
