package dev.postern.dns.client;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Makes one answer out of the messages that a question leads to, alias by alias; used once, by one thread.
///
/// Only records of the answer section are believed, and of these only the ones of the name asked for, or of a name
/// that its aliases lead to: nothing that comes along unasked is used or kept (RFC 2181 §5.4.1).
///
/// @rfc 1034 §3.6.2
/// @rfc 2308 §2
final class AnswerReader<R> {
    /// How many aliases are followed for one question.
    static final int MAX_ALIASES = 16;

    private final DomainName asked;
    private final RecordType<R> type;
    private final boolean trustAuthentic;
    private final Set<Name> seen = new HashSet<>();
    private Name at;
    private long ttl = Integer.MAX_VALUE;
    private boolean authentic;

    AnswerReader(DomainName asked, RecordType<R> type, boolean trustAuthentic) {
        this.asked = asked;
        this.type = type;
        this.trustAuthentic = trustAuthentic;
        this.authentic = trustAuthentic;
        this.at = Names.of(asked);
        seen.add(at);
    }

    /// Takes the answer to the question for the name that {@link #next()} told, or at first for the one asked for.
    /// Empty if the question has to be asked again, for the name that aliases have led to.
    ///
    /// @param now by which signatures run out
    Optional<DnsAnswer<R>> take(Message message, Instant now) {
        authentic &= trustAuthentic && message.getHeader().getFlag(Flags.AD);
        if (authentic) {
            ttl = Math.min(ttl, Records.signedFor(message, now));
        }
        Name began = at;
        while (true) {
            List<Record> wanted = Records.set(message, Section.ANSWER, at, type.code());
            if (!wanted.isEmpty() && message.getRcode() == Rcode.NOERROR) {
                return Optional.of(found(wanted));
            }
            List<Record> aliases = Records.set(message, Section.ANSWER, at, Type.CNAME);
            if (aliases.isEmpty() || !(aliases.getFirst() instanceof CNAMERecord alias)) {
                break;
            }
            ttl = Math.min(ttl, Records.timeToLive(alias));
            at = alias.getTarget();
            if (!seen.add(at)) {
                return Optional.of(new DnsAnswer.Failed<>("the aliases of " + asked + " lead in a circle"));
            }
            if (seen.size() > MAX_ALIASES + 1) {
                return Optional.of(
                        new DnsAnswer.Failed<>(asked + " leads through more than " + MAX_ALIASES + " aliases"));
            }
        }
        return nothing(message, !at.equals(began));
    }

    private Optional<DnsAnswer<R>> nothing(Message message, boolean moved) {
        Optional<Duration> kept = Records.negativeTimeToLive(message)
                .map(said -> said.toSeconds() < ttl ? said : Duration.ofSeconds(ttl));
        if (message.getRcode() == Rcode.NXDOMAIN) {
            return Optional.of(new DnsAnswer.NoDomain<>(kept.orElse(Duration.ZERO), authentic));
        }
        // an alias without the start of its target's authority: the server left it to us to go on
        return moved && kept.isEmpty()
                ? Optional.empty()
                : Optional.of(new DnsAnswer.NoData<>(kept.orElse(Duration.ZERO), authentic));
    }

    /// The name to ask for next; empty if it is no name that can be asked for.
    Optional<DomainName> next() {
        return Names.of(at);
    }

    private DnsAnswer<R> found(List<Record> wanted) {
        ttl = Math.min(ttl, Records.timeToLive(wanted));
        List<R> data = Records.data(wanted);
        Optional<DomainName> canonical = Names.of(at);
        if (data.isEmpty() || canonical.isEmpty()) {
            return new DnsAnswer.Failed<>("the " + type + " records of " + asked + " hold nothing that can be used");
        }
        return new DnsAnswer.Found<>(data, canonical.get(), Duration.ofSeconds(ttl), authentic);
    }
}
