package dev.postern.mailauth.arc;

import dev.postern.dns.Resolver;
import dev.postern.mailauth.DnsEvidence;
import dev.postern.mailauth.dkim.BodyHash;
import dev.postern.mailauth.dkim.BodyHashes;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dkim.KeyCheck;
import dev.postern.mailauth.dkim.MessageSignature;
import dev.postern.mailauth.dkim.SignatureFault;
import dev.postern.mailauth.dkim.SignedFields;
import dev.postern.mailauth.dkim.SigningKeys;
import dev.postern.message.BodySink;
import dev.postern.message.MessageHeader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The validation of the chain of one message. Used by one thread.
///
/// @rfc 8617 §5.2
public final class ArcVerification implements BodySink {
    private final SigningKeys keys;
    private final SignedFields fields;
    private final ArcChain chain;
    private final BodyHashes hashes = new BodyHashes();
    private final List<Hop> hops = new ArrayList<>();
    private final List<DnsEvidence> evidence = new ArrayList<>();
    private Resolver resolver;
    private String fault;

    ArcVerification(MessageHeader header, SigningKeys keys, Instant now, Duration skew) {
        this.keys = keys;
        this.resolver = keys.resolver();
        this.fields = new SignedFields(header);
        this.chain = ArcChain.read(header);
        this.fault = chain.fault();
        for (ArcSet set : chain.sets()) {
            try {
                hops.add(new Hop(set, ArcSeal.parse(set.seal()), signature(set, now, skew)));
            } catch (SignatureFault unreadable) {
                fault = "seal " + (hops.size() + 1) + ": " + unreadable.why();
                break;
            }
        }
    }

    /// A set that is being validated.
    private record Hop(ArcSet set, ArcSeal seal, Signature signature) {}

    /// The signature of a set.
    private sealed interface Signature {}

    /// One that waits for the hash of the body.
    private record Waiting(MessageSignature signature, BodyHash body) implements Signature {}

    /// One that cannot be right.
    private record Broken(String why) implements Signature {}

    private Signature signature(ArcSet set, Instant now, Duration skew) {
        try {
            MessageSignature signature = MessageSignature.arc(set.signature());
            if (signature.names().contains("arc-seal")) {
                throw SignatureFault.permanent("h= names seals, which are not there yet when it is made");
            }
            signature.checkTimes(now, skew);
            return new Waiting(signature, signature.request(hashes));
        } catch (SignatureFault broken) {
            return new Broken(broken.why());
        }
    }

    @Override
    public void body(byte[] octets, int offset, int length) {
        hashes.body(octets, offset, length);
    }

    /// What became of the chain by the keys that another resolver finds.
    public ArcResult finish(Resolver other) {
        this.resolver = other;
        return finish();
    }

    /// What became of the chain, once the whole body was shown; waits for DNS.
    public ArcResult finish() {
        hashes.finish();
        if (chain.highest() == 0 && fault.isEmpty()) {
            return result(ArcStatus.NONE, "there is no chain");
        }
        if (!fault.isEmpty()) {
            return result(ArcStatus.FAIL, fault);
        }
        Check last = check(hops.getLast().signature());
        if (!last.passed()) {
            return failed("the message is not as hop " + hops.size() + " signed it: ", last);
        }
        Check seals = seals();
        if (!seals.passed()) {
            return failed("", seals);
        }
        String sealers = hops.size() == 1 ? "one hop" : hops.size() + " hops";
        ArcResult.Findings findings = new ArcResult.Findings(
                oldestPass(), false, unsignedOctets(hops.getLast().signature()), evidence);
        return new ArcResult(ArcStatus.PASS, "the chain of " + sealers + " is whole", told(), findings);
    }

    private ArcResult result(ArcStatus status, String why) {
        return new ArcResult(status, why, told(), ArcResult.Findings.of(evidence));
    }

    private ArcResult failed(String what, Check check) {
        boolean temporary = check.outcome() == DkimOutcome.TEMPERROR;
        return new ArcResult(
                ArcStatus.FAIL, what + check.why(), told(), new ArcResult.Findings(0, temporary, 0, evidence));
    }

    private List<ArcHop> told() {
        List<ArcHop> told = new ArrayList<>();
        for (Hop hop : hops) {
            told.add(new ArcHop(
                    told.size() + 1, hop.seal().signer().domain(), hop.set().resultsText()));
        }
        return told;
    }

    /// What came of one signature or seal.
    private record Check(DkimOutcome outcome, String why) {
        boolean passed() {
            return outcome == DkimOutcome.PASS;
        }
    }

    private Check check(Signature signature) {
        return switch (signature) {
            case Broken broken -> new Check(DkimOutcome.PERMERROR, broken.why());
            case Waiting waiting -> check(waiting);
        };
    }

    private Check check(Waiting waiting) {
        MessageSignature signature = waiting.signature();
        if (!signature.covers(waiting.body())) {
            return new Check(DkimOutcome.FAIL, "the body is not the one that was signed");
        }
        return note(keys.check(resolver, signature.signer(), signature.signedOctets(fields), signature.signature()));
    }

    private Check note(KeyCheck check) {
        evidence.addAll(check.evidence());
        return new Check(check.outcome(), check.why());
    }

    /// Checks the seals from the last to the first.
    private Check seals() {
        List<Integer> ends = new ArrayList<>();
        StringBuilder before = new StringBuilder();
        for (Hop hop : hops) {
            ends.add(before.length());
            before.append(hop.set().canonical());
        }
        for (int i = hops.size() - 1; i >= 0; i--) {
            Hop hop = hops.get(i);
            String octets = before.substring(0, ends.get(i)) + hop.set().sealed();
            Check check = note(keys.check(
                    resolver,
                    hop.seal().signer(),
                    octets.getBytes(StandardCharsets.ISO_8859_1),
                    hop.seal().signature()));
            if (!check.passed()) {
                return new Check(check.outcome(), "seal " + (i + 1) + ": " + check.why());
            }
        }
        return new Check(DkimOutcome.PASS, "the seals are right");
    }

    private int oldestPass() {
        for (int i = hops.size() - 1; i > 0; i--) {
            if (!check(hops.get(i - 1).signature()).passed()) {
                return i + 1;
            }
        }
        return 0;
    }

    private static long unsignedOctets(Signature signature) {
        return switch (signature) {
            case Waiting waiting -> waiting.body().uncovered();
            case Broken broken -> 0;
        };
    }
}
