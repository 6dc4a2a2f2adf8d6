package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.reportstore.SessionRow.Failure;
import dev.postern.reportstore.SessionRow.Server;
import dev.postern.tlspolicy.TlsTrial;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Sessions with the servers of a domain, by the policy that was kept and how they went (RFC 8460).
///
/// ```
/// about   = policy *(TAB policy)
/// policy  = key "," [ line *("/" line) ] "," [ host *("/" host) ]     ; lines and hosts coded
/// row     = count TAB key TAB ( "success" / failure )
/// failure = result "," [ host ] "," [ address ] "," [ sender ] "," [ reason ]
/// ```
public final class SessionForm implements LedgerForm<SessionPolicies, SessionRow> {
    private static final int PARTS_OF_POLICY = 3;
    private static final int WORDS_OF_ROW = 3;
    private static final int PARTS_OF_FAILURE = 5;
    private static final String SUCCESS = "success";

    @Override
    public SessionPolicies merge(SessionPolicies before, SessionPolicies seen) {
        return before.with(seen);
    }

    @Override
    public long count(SessionRow row) {
        return row.count();
    }

    @Override
    public SessionRow counted(SessionRow row, long count) {
        return new SessionRow(row.policy(), row.failure(), Math.min(count, SessionRow.MOST));
    }

    /// The kind of policy and the kind of failure, so that the sums of a report stay right.
    @Override
    public Optional<SessionRow> coarse(SessionRow row) {
        return SessionPolicies.type(row.policy())
                .map(type -> new SessionRow(
                        type.toString(),
                        row.failure().map(failure -> new Failure(failure.result(), Server.UNKNOWN, "")),
                        row.count()));
    }

    @Override
    public String aboutText(SessionPolicies about) {
        return about.texts().entrySet().stream()
                .map(one -> one.getKey() + "," + lines(one.getValue().strings()) + ","
                        + lines(one.getValue().hosts()))
                .sorted()
                .collect(Collectors.joining("\t"));
    }

    private static String lines(List<String> lines) {
        // every line ends with a slash, so that an empty one is told from none
        return lines.stream().map(line -> LedgerLine.coded(line) + "/").collect(Collectors.joining());
    }

    private static List<String> readLines(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> parts = List.of(text.split("/", -1));
        return parts.subList(0, parts.size() - 1).stream()
                .map(LedgerLine::decoded)
                .toList();
    }

    @Override
    public Optional<SessionPolicies> about(List<String> words) {
        Map<String, SessionPolicies.Text> texts = new LinkedHashMap<>();
        for (String word : words) {
            List<String> parts = parts(word, PARTS_OF_POLICY);
            TlsTrial.Type type = SessionPolicies.type(parts.get(0)).orElseThrow(SessionForm::notWords);
            texts.put(parts.get(0), new SessionPolicies.Text(type, readLines(parts.get(1)), readLines(parts.get(2))));
        }
        return Optional.of(new SessionPolicies(texts));
    }

    @Override
    public String rowText(SessionRow row) {
        return row.count() + "\t" + row.policy() + "\t"
                + row.failure().map(SessionForm::text).orElse(SUCCESS);
    }

    private static String text(Failure failure) {
        Server server = failure.server();
        return String.join(
                ",",
                failure.result().toString(),
                server.host().map(DomainName::text).orElse(""),
                server.address().map(SessionForm::text).orElse(""),
                server.sender().map(SessionForm::text).orElse(""),
                LedgerLine.coded(failure.reason()));
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    @Override
    public SessionRow row(List<String> words) {
        if (words.size() != WORDS_OF_ROW || SessionPolicies.type(words.get(1)).isEmpty()) {
            throw notWords();
        }
        return new SessionRow(
                words.get(1),
                words.get(2).equals(SUCCESS) ? Optional.empty() : Optional.of(failure(words.get(2))),
                Long.parseLong(words.get(0)));
    }

    private static Failure failure(String text) {
        List<String> parts = parts(text, PARTS_OF_FAILURE);
        TlsTrial.Result result = Arrays.stream(TlsTrial.Result.values())
                .filter(one -> one.toString().equals(parts.get(0)))
                .findFirst()
                .orElseThrow(SessionForm::notWords);
        Optional<DomainName> host =
                parts.get(1).isEmpty() ? Optional.empty() : Optional.of(DomainName.of(parts.get(1)));
        Server server = new Server(host, address(parts.get(2)), address(parts.get(3)));
        return new Failure(result, server, LedgerLine.decoded(parts.get(4)));
    }

    private static Optional<InetAddress> address(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(IpText.ip(text).orElseThrow(SessionForm::notWords));
    }

    private static List<String> parts(String text, int number) {
        List<String> parts = List.of(text.split(",", -1));
        if (parts.size() != number) {
            throw notWords();
        }
        return parts;
    }

    private static IllegalArgumentException notWords() {
        return new IllegalArgumentException("no line of sessions");
    }
}
