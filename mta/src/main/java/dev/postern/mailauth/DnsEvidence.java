package dev.postern.mailauth;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import java.util.List;
import java.util.stream.Collectors;

/// One question to the domain name system and what it answered, kept with a result as its reason.
///
/// @param name the name asked for
/// @param type the mnemonic of the record type
/// @param answer the records in text, or one of the words `no data`, `no domain` and `failed: …`
/// @param ttl how many seconds the answer holds; 0 for a failure
/// @param authentic whether DNSSEC vouches for it
public record DnsEvidence(DomainName name, String type, String answer, long ttl, boolean authentic) {
    private static final int LONGEST_ANSWER = 512;

    /// The evidence that an answer is.
    static <R> DnsEvidence of(DomainName name, RecordType<R> type, DnsAnswer<R> answer) {
        return switch (answer) {
            case DnsAnswer.Found<R> found ->
                new DnsEvidence(
                        name,
                        type.mnemonic(),
                        text(found.records()),
                        found.ttl().toSeconds(),
                        found.authentic());
            case DnsAnswer.NoData<R> none ->
                new DnsEvidence(name, type.mnemonic(), "no data", none.ttl().toSeconds(), none.authentic());
            case DnsAnswer.NoDomain<R> none ->
                new DnsEvidence(name, type.mnemonic(), "no domain", none.ttl().toSeconds(), none.authentic());
            case DnsAnswer.Failed<R> failed ->
                new DnsEvidence(name, type.mnemonic(), cut("failed: " + failed.why()), 0, false);
        };
    }

    private static String text(List<?> records) {
        return cut(records.stream().limit(LONGEST_ANSWER).map(DnsEvidence::text).collect(Collectors.joining(", ")));
    }

    private static String text(Object record) {
        return switch (record) {
            case java.net.InetAddress address -> address.getHostAddress();
            case String text -> quoted(text);
            case MxRecord mx ->
                mx.preference() + " " + mx.host().map(DomainName::text).orElse(".");
            default -> record.toString();
        };
    }

    /// As master files write it: a quote, a backslash and octets that are not printable ASCII are
    /// escaped, so that nothing which a stranger publishes does something where it is shown.
    ///
    /// @rfc 1035 §5.1
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), LONGEST_ANSWER); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append('\\').append(String.format("%03d", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_ANSWER ? text : text.substring(0, LONGEST_ANSWER) + "...";
    }

    @Override
    public String toString() {
        return name + " " + type + ": " + answer + (ttl > 0 ? " (ttl " + ttl + (authentic ? ", DNSSEC)" : ")") : "");
    }
}
