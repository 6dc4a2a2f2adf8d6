package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// That this server sends in the name of a domain, or of itself.
///
/// @param subject the domain
/// @param text of the usual policy
/// @param permits whether another policy of the domain lets this server send
/// @rfc 7208 §3.2
record SpfPolicy(DomainName subject, String text, Predicate<String> permits) implements OwnRecords<String> {
    private static final String VERSION = "v=spf1";

    /// For a domain whose exchangers send its mail.
    static SpfPolicy ofDomain(DomainName domain, SpfTrial trial) {
        return new SpfPolicy(domain, VERSION + " mx -all", text -> trial.permits(domain, text));
    }

    /// For a host, which greets with its name and sends reports from nobody.
    ///
    /// @rfc 7208 §2.3
    static SpfPolicy ofHost(DomainName host, SpfTrial trial) {
        return new SpfPolicy(host, VERSION + " a -all", text -> trial.permits(host, text));
    }

    @Override
    public String purpose() {
        return "SPF";
    }

    @Override
    public DomainName name() {
        return subject;
    }

    @Override
    public RecordType<String> type() {
        return RecordType.TXT;
    }

    @Override
    public List<String> records() {
        return List.of(text);
    }

    @Override
    public Judgement<String> judge(List<String> published) {
        List<String> policies =
                published.stream().filter(SpfPolicy::isPolicy).distinct().toList();
        return Judgement.ofOnly(
                policies,
                records(),
                "there are " + policies.size() + " policies, which every receiver takes for an error",
                this::judge);
    }

    private Judgement<String> judge(String published) {
        if (published.equals(text)) {
            return Judgement.right("", List.of(published));
        }
        return permits.test(published)
                ? Judgement.right("another policy that lets this server send", List.of(published))
                : Judgement.foreign(Mark.DIFFERENT, "it does not let this server send", List.of(published));
    }

    // RFC 7208 §4.5
    private static boolean isPolicy(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals(VERSION) || lower.startsWith(VERSION + " ");
    }
}
