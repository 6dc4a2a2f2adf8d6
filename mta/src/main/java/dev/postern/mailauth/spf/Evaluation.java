package dev.postern.mailauth.spf;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One run of check_host(); used once, by one thread.
///
/// Errors leave it as a {@link Stop} from wherever they are seen, since an error in an included
/// record is one of the record that includes it (RFC 7208 §5.2); what a record says is a value.
///
/// @rfc 7208 §4
final class Evaluation {
    private static final int MOST_LOOK_UPS = 10;
    private static final int MOST_EXCHANGERS = 10;

    private final LimitedResolver dns;
    private final SpfSettings settings;
    private final SpfQuery query;
    private final Sender sender;
    private final ClientText client;
    private final ClientNames clientNames;
    private int lookUps;
    private int voidLookUps;
    private boolean termWasVoid;

    Evaluation(LimitedResolver dns, SpfSettings settings, SpfQuery query, Sender sender) {
        this.dns = dns;
        this.settings = settings;
        this.query = query;
        this.sender = sender;
        this.client = new ClientText(query.client());
        this.clientNames = new ClientNames(dns, client);
    }

    /// How many terms asked DNS so far.
    int lookUps() {
        return lookUps;
    }

    /// How many of them asked for something that does not exist.
    int voidLookUps() {
        return voidLookUps;
    }

    /// What a record says about the client.
    ///
    /// @param domain whose record it is; where it was redirected, the last one's
    /// @param matched empty if no mechanism did
    private record Saying(DomainName domain, SpfRecord record, Optional<Directive> matched) {
        SpfOutcome outcome() {
            return matched.map(directive -> directive.qualifier().outcome()).orElse(SpfOutcome.NEUTRAL);
        }
    }

    /// What the check comes to.
    ///
    /// @rfc 7208 §4.3
    SpfResult.Finding find() {
        Optional<DomainName> domain = DomainName.parse(sender.domain()).filter(Evaluation::isQualified);
        if (domain.isEmpty()) {
            return new SpfResult.Nothing("not a domain name with two labels or more");
        }
        try {
            Optional<SpfRecord> record = record(domain.get());
            return record.isEmpty()
                    ? new SpfResult.Nothing(domain.get() + " publishes no SPF record")
                    : finding(evaluate(domain.get(), record.get()));
        } catch (Stop stop) {
            return new SpfResult.Broken(stop.outcome(), Printable.of(stop.problem(), SpfResult.LONGEST_PROBLEM));
        }
    }

    private static boolean isQualified(DomainName name) {
        return name.text().indexOf('.') >= 0;
    }

    private SpfResult.Finding finding(Saying saying) {
        if (saying.matched().isEmpty()) {
            return new SpfResult.Unmatched();
        }
        return new SpfResult.Matched(
                saying.outcome(),
                Printable.of(saying.matched().get().text(), SpfResult.LONGEST_TEXT),
                saying.outcome() == SpfOutcome.FAIL ? explanation(saying) : "");
    }

    /// The one record of a domain; empty if it publishes none.
    ///
    /// @rfc 7208 §4.4, §4.5
    private Optional<SpfRecord> record(DomainName domain) throws Stop {
        List<String> texts = answered(domain, dns.ask(domain, RecordType.TXT)).stream()
                .filter(SpfRecord::isRecord)
                .toList();
        if (texts.size() > 1) {
            throw Stop.permanent(domain + " publishes " + texts.size() + " SPF records; there must be one only");
        }
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        return switch (SpfRecord.parse(texts.getFirst())) {
            case SpfRecord.Good good -> Optional.of(good.record());
            case SpfRecord.Bad bad ->
                throw Stop.permanent(
                        "the SPF record of " + domain + ", " + bad.faults().getFirst());
        };
    }

    /// The records of an answer; none for a name that has none or does not exist (RFC 7208 §5).
    private static <R> List<R> answered(DomainName name, DnsAnswer<R> answer) throws Stop {
        return switch (answer) {
            case DnsAnswer.Found<R> found -> found.records();
            case DnsAnswer.NoData<R> _, DnsAnswer.NoDomain<R> _ -> List.of();
            case DnsAnswer.Failed<R> failed -> throw Stop.temporary("no answer about " + name + ": " + failed.why());
        };
    }

    /// What a record says, mechanism by mechanism, and then that of the domain which it redirects
    /// to.
    ///
    /// @rfc 7208 §4.6.2, §6.1
    private Saying evaluate(DomainName domain, SpfRecord record) throws Stop {
        for (Directive directive : record.directives()) {
            if (matches(domain, directive)) {
                return new Saying(domain, record, Optional.of(directive));
            }
        }
        Optional<Modifier.Redirect> redirect = record.redirect();
        if (redirect.isEmpty()) {
            return new Saying(domain, record, Optional.empty());
        }
        beginLookUp(redirect.get());
        DomainName target = other(domain, redirect.get(), redirect.get().target());
        return evaluate(target, required(target, redirect.get()));
    }

    private boolean matches(DomainName domain, Directive directive) throws Stop {
        if (directive.looksUp()) {
            beginLookUp(directive);
        }
        return switch (directive.mechanism()) {
            case Mechanism.All _ -> true;
            case Mechanism.Include include -> {
                DomainName target = other(domain, directive, include.target());
                yield evaluate(target, required(target, directive)).outcome() == SpfOutcome.PASS;
            }
            case Mechanism.A a -> {
                Optional<DomainName> host = target(domain, a.target());
                yield host.isPresent() && hasAddress(host.get(), a.cidr());
            }
            case Mechanism.Mx mx -> matches(domain, directive, mx);
            case Mechanism.Ptr ptr -> matches(domain, ptr);
            case Mechanism.Ip4 ip4 -> isWithin(ip4.network(), ip4.bits());
            case Mechanism.Ip6 ip6 -> isWithin(ip6.network(), ip6.bits());
            case Mechanism.Exists exists -> {
                Optional<DomainName> name = target(domain, Optional.of(exists.target()));
                yield name.isPresent() && !records(name.get(), RecordType.A).isEmpty();
            }
        };
    }

    /// All exchangers or none: which of too many come first is chance, and no result should be.
    ///
    /// @rfc 7208 §5.4
    private boolean matches(DomainName domain, Directive directive, Mechanism.Mx mx) throws Stop {
        Optional<DomainName> target = target(domain, mx.target());
        if (target.isEmpty()) {
            return false;
        }
        List<DomainName> hosts = records(target.get(), RecordType.MX).stream()
                .sorted(Comparator.comparingInt(MxRecord::preference))
                .flatMap(exchanger -> exchanger.host().stream())
                .toList();
        if (hosts.size() > MOST_EXCHANGERS) {
            throw Stop.permanent(shown(directive) + " of " + domain + " leads to " + hosts.size()
                    + " mail exchangers; the limit is " + MOST_EXCHANGERS);
        }
        for (DomainName host : hosts) {
            if (hasAddress(host, mx.cidr())) {
                return true;
            }
        }
        return false;
    }

    /// @rfc 7208 §5.5
    private boolean matches(DomainName domain, Mechanism.Ptr ptr) throws Stop {
        Optional<DomainName> target = target(domain, ptr.target());
        if (target.isEmpty()) {
            return false;
        }
        List<DomainName> names = clientNames.validated();
        if (clientNames.areAbsent()) {
            noteVoid();
        }
        return names.stream().anyMatch(name -> name.isWithin(target.get()));
    }

    private boolean hasAddress(DomainName host, DualCidr cidr) throws Stop {
        List<? extends InetAddress> addresses = records(host, client.addressType());
        int bits = client.isIp4() ? cidr.ip4() : cidr.ip6();
        return addresses.stream().anyMatch(address -> isWithin(address, bits));
    }

    /// Whether the client has the family of an address, and agrees with it in its first bits.
    private boolean isWithin(InetAddress address, int bits) {
        byte[] one = address.getAddress();
        byte[] other = query.client().getAddress();
        if (one.length != other.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (one[i] != other[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (one[whole] ^ other[whole]) >> (Byte.SIZE - rest) == 0;
    }

    /// The records of a name that a term asks for; their absence is noted.
    private <R> List<R> records(DomainName name, RecordType<R> type) throws Stop {
        List<R> found = answered(name, dns.ask(name, type));
        if (found.isEmpty()) {
            noteVoid();
        }
        return found;
    }

    private void beginLookUp(Term term) throws Stop {
        countLookUp(shown(term));
        termWasVoid = false;
    }

    /// Counts what asks DNS (RFC 7208 §4.6.4).
    private void countLookUp(String asking) throws Stop {
        if (lookUps == MOST_LOOK_UPS) {
            throw Stop.permanent("more than " + MOST_LOOK_UPS + " terms ask DNS; the first too many is " + asking);
        }
        lookUps++;
    }

    /// Counts a term that asked for what does not exist, once however often it did: the limit is
    /// one of terms (RFC 7208 §4.6.4), and a domain whose exchangers have no IPv6 address is in
    /// order.
    private void noteVoid() throws Stop {
        if (termWasVoid) {
            return;
        }
        termWasVoid = true;
        voidLookUps++;
        if (voidLookUps > settings.voidLookUps()) {
            throw Stop.permanent(
                    "more than " + settings.voidLookUps() + " terms ask for names or records that do not exist");
        }
    }

    /// The name that a mechanism is about; empty if macros made something that cannot be asked for,
    /// and so does not exist.
    private Optional<DomainName> target(DomainName domain, Optional<DomainSpec> written) throws Stop {
        if (written.isEmpty()) {
            return Optional.of(domain);
        }
        Optional<DomainName> name = written.get().name(letter -> countedValue(domain, letter));
        if (name.isEmpty()) {
            noteVoid();
        }
        return name;
    }

    /// The domain that a term puts in the place of this one.
    ///
    /// @throws Stop if it is malformed: a check of it would come to none (RFC 7208 §5.2, §6.1)
    private DomainName other(DomainName domain, Term term, DomainSpec written) throws Stop {
        return written.name(letter -> countedValue(domain, letter))
                .filter(Evaluation::isQualified)
                .orElseThrow(() -> Stop.permanent(shown(term) + " of " + domain + " does not lead to a domain name"));
    }

    private static String shown(Term term) {
        return Printable.of(term.text(), RecordReader.SHOWN);
    }

    /// The record of a domain that a term says has one.
    private SpfRecord required(DomainName target, Term term) throws Stop {
        return record(target)
                .orElseThrow(() -> Stop.permanent(shown(term) + ": " + target + " publishes no SPF record"));
    }

    /// What a macro in a record stands for. The first to ask for the client's names counts as a
    /// term (RFC 7208 §4.6.4); none does in an explanation, where the result stands already.
    private String countedValue(DomainName domain, MacroLetter letter) throws Stop {
        if (letter == MacroLetter.VALIDATED_NAME && !clientNames.areKnown()) {
            countLookUp("%{p}");
        }
        return value(domain, letter);
    }

    /// @rfc 7208 §7.2
    private String value(DomainName domain, MacroLetter letter) throws Stop {
        return switch (letter) {
            case SENDER -> sender.toString();
            case LOCAL_PART -> sender.localPart();
            case SENDER_DOMAIN -> sender.domain();
            case DOMAIN -> domain.text();
            case ADDRESS -> client.dotted();
            case VALIDATED_NAME -> clientNames.best(domain);
            case FAMILY -> client.family();
            case HELO -> Sender.canonical(query.helo());
            case READABLE_ADDRESS -> client.readable();
            case RECEIVER -> query.receiver().text();
            case TIME -> Long.toString(dns.begin().getEpochSecond());
        };
    }

    /// What the domain says to those whom it refuses; empty if it says nothing, or nothing that can
    /// be had and understood.
    ///
    /// @rfc 7208 §6.2
    private String explanation(Saying saying) {
        Optional<Modifier.Explanation> published = saying.record().explanation();
        if (published.isEmpty()) {
            return "";
        }
        DomainName domain = saying.domain();
        MacroString.Values values = letter -> value(domain, letter);
        try {
            Optional<DomainName> name = published.get().target().name(values);
            if (name.isEmpty()) {
                return "";
            }
            List<String> texts = answered(name.get(), dns.ask(name.get(), RecordType.TXT));
            if (texts.size() != 1) {
                return "";
            }
            String words = MacroString.parseExplanation(texts.getFirst())
                    .expandFromLeft(values, SpfResult.LONGEST_EXPLANATION + 1);
            return Printable.of(words, SpfResult.LONGEST_EXPLANATION);
        } catch (BadTerm | Stop noExplanation) {
            return ""; // "proceed as if no exp modifier was given"
        }
    }
}
