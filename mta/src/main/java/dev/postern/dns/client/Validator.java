package dev.postern.dns.client;

import dev.postern.wire.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.dnssec.ValidatingResolver;

/// Asks, and finds out by itself whether DNSSEC vouches for the answer; shared by all threads, guarded by
/// the library's cache of keys, which is its only state; starts no thread (the library lets the common pool
/// of the platform compute in places, but never wait).
///
/// The library checks signatures, chains of keys and proofs of absence. Whatever else it wants to know on the way is
/// asked by the thread that asks us ({@link Errand}), so that the bounds of the one question hold for all of them: its
/// time, and how many there may be. What it says is taken strictly: what it could not finish, for whatever reason, is
/// a failure, and never an answer that nobody vouches for.
///
/// Bounds of what a hostile zone may cost (CVE-2023-50387, CVE-2023-50868): signatures tried for a set of records,
/// keys tried for a delegation, hashes and iterations for a proof (RFC 9276 §3.2), questions, and time.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4035 RFC 4035
/// @rfc 6840 §4
/// @rfc 5155 §8
final class Validator {
    /// Beyond so many iterations a proof of absence proves nothing (RFC 9276 §3.2).
    static final int MOST_ITERATIONS = 100;

    private static final int MOST_SIGNATURES = 8;
    private static final int MOST_MISMATCHES = 4;
    private static final int LEAST_RSA_BITS = 1024;
    private static final int MOST_KEYS = 1000;
    private static final Duration KEYS_ARE_KEPT = Duration.ofMinutes(15);

    private final TrustAnchors anchors;
    private final Exchange exchange;
    private final ValidatingResolver library;

    /// Puts an inquiry to the servers, which do not check what they answer.
    @FunctionalInterface
    interface Exchange {
        /// What comes of it.
        ///
        /// @throws InterruptedException if the thread was interrupted
        Upstream.Reply ask(Inquiry inquiry, Deadline deadline) throws InterruptedException;
    }

    /// @param clock by which signatures are valid
    Validator(TrustAnchors anchors, InstantSource clock, Exchange exchange) {
        this.anchors = anchors;
        this.exchange = exchange;
        this.library = new ValidatingResolver(new Head(), clock.withZone(ZoneOffset.UTC));
        try {
            library.init(bounds());
            library.loadTrustAnchors(new ByteArrayInputStream(anchors.text().getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException impossible) {
            throw new IllegalStateException("trust anchors that are none: " + anchors, impossible);
        }
    }

    private static Properties bounds() {
        Properties bounds = new Properties();
        bounds.setProperty("dnsjava.dnssec.max_validate_rrsigs", Integer.toString(MOST_SIGNATURES));
        bounds.setProperty("dnsjava.dnssec.max_ds_match_failures", Integer.toString(MOST_MISMATCHES));
        for (int bits : new int[] {1024, 2048, 4096}) {
            bounds.setProperty("dnsjava.dnssec.nsec3.iterations." + bits, Integer.toString(MOST_ITERATIONS));
        }
        bounds.setProperty("dnsjava.dnssec.algorithm_rsa_min_key_size", Integer.toString(LEAST_RSA_BITS));
        bounds.setProperty("dnsjava.dnssec.keycache.max_size", Integer.toString(MOST_KEYS));
        bounds.setProperty("dnsjava.dnssec.keycache.max_ttl", Long.toString(KEYS_ARE_KEPT.toSeconds()));
        return bounds;
    }

    /// The answer with its AD bit set where it is proven, and unset where it is proven that nobody signs it; whatever
    /// is neither is unanswered. Of an alias it is the alias alone.
    ///
    /// @throws InterruptedException if the thread was interrupted
    Upstream.Reply ask(Inquiry inquiry, Deadline deadline) throws InterruptedException {
        return switch (exchange.ask(inquiry, deadline)) {
            case Upstream.Reply.Unanswered unanswered -> unanswered;
            case Upstream.Reply.Answered(Message answer) -> {
                Optional<String> excess = Excess.of(answer);
                yield excess.isPresent()
                        ? new Upstream.Reply.Unanswered(excessive(inquiry, excess.get()))
                        : validated(inquiry, RelevantAnswer.of(answer, inquiry, anchors), deadline);
            }
        };
    }

    static String excessive(Inquiry inquiry, String excess) {
        return "the answer to " + inquiry + " has " + excess;
    }

    private Upstream.Reply validated(Inquiry inquiry, Message relevant, Deadline deadline) throws InterruptedException {
        Errand errand = new Errand(relevant, deadline, exchange);
        Message question = Message.newQuery(relevant.getQuestion());
        Optional<Message> answer = errand.run(() -> library.sendAsync(question, errand));
        return answer.isPresent() ? judged(inquiry, answer.get()) : new Upstream.Reply.Unanswered(errand.trouble());
    }

    private static Upstream.Reply judged(Inquiry inquiry, Message answer) {
        int code = answer.getRcode();
        boolean vouched = answer.getHeader().getFlag(Flags.AD);
        Optional<String> reason = reason(answer);
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return new Upstream.Reply.Unanswered(
                    "the answer to " + inquiry + " is bogus: " + reason.orElse("it does not validate"));
        }
        return vouched || reason.isPresent()
                ? new Upstream.Reply.Answered(answer)
                : new Upstream.Reply.Unanswered("the answer to " + inquiry + " is bogus: it proves neither that it is"
                        + " signed nor that nobody signs it");
    }

    /// Why the library has judged as it did; nothing where all is signed.
    private static Optional<String> reason(Message answer) {
        return answer.getSection(Section.ADDITIONAL).stream()
                .filter(record -> record.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS)
                .filter(TXTRecord.class::isInstance)
                .map(record -> ((TXTRecord) record).getStrings().stream().collect(Collectors.joining()))
                .findFirst();
    }

    /// Where the library asks.
    private static final class Head implements Resolver {
        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            if (!(executor instanceof Errand errand)) {
                throw new IllegalStateException("the library asks on nobody's errand");
            }
            return errand.ask(Inquiry.of(query.getQuestion()));
        }

        @Override
        public void setPort(int port) {
            throw new IllegalStateException("servers are chosen elsewhere");
        }

        @Override
        public void setTCP(boolean flag) {
            throw new IllegalStateException("servers are asked elsewhere");
        }

        /// Called by the library when it begins; truncated answers never come here.
        @Override
        public void setIgnoreTruncation(boolean flag) {}

        /// Called by the library when it begins; questions always ask for signatures.
        @Override
        public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

        @Override
        public void setTSIGKey(TSIG key) {
            throw new IllegalStateException("servers are asked elsewhere");
        }

        @Override
        public void setTimeout(Duration timeout) {
            throw new IllegalStateException("each question has its time");
        }
    }
}
