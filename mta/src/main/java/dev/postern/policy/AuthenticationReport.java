package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.DnsEvidence;
import dev.postern.mailauth.arc.ArcResult;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dkim.DkimResults;
import dev.postern.mailauth.dmarc.DmarcResult;
import dev.postern.mailauth.iprev.IprevResult;
import dev.postern.mailauth.results.AuthenticationResults;
import dev.postern.mailauth.spf.SpfResult;
import dev.postern.message.Author;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// In whose name a message comes, and what vouches for it.
///
/// @param bearer who brought it
/// @param path what its way to us says
/// @param dkim its signatures
/// @param arc the chain of servers that it came through
/// @param author who wrote it
/// @param dmarc whether the author's domain is vouched for, and what that domain asks for otherwise
/// @param evidence what DNS said to all of these
public record AuthenticationReport(
        SenderAuthentication.Bearer bearer,
        Path path,
        DkimResults dkim,
        ArcResult arc,
        Author author,
        DmarcResult dmarc,
        List<DnsEvidence> evidence) {
    public AuthenticationReport {
        evidence = List.copyOf(evidence);
    }

    /// What can be said without the content.
    ///
    /// @param iprev whether the client's address and name know one another
    /// @param helo SPF of the name that the client gave
    /// @param mailFrom SPF of the reverse-path
    public record Path(IprevResult iprev, SpfResult helo, SpfResult mailFrom) {}

    /// All of it as the text of an Authentication-Results field.
    ///
    /// @param authservId the name that the field carries
    public AuthenticationResults results(DomainName authservId) {
        return new AuthenticationResults(authservId.text(), new MethodResults(this).all());
    }

    /// All of it in words, for the decision record.
    public Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("client", bearer.client().getHostAddress());
        inputs.put("helo", bearer.helo());
        inputs.put("sender", "<" + bearer.sender() + ">");
        inputs.put("author", words(author));
        inputs.put("iprev", path.iprev().outcome() + ": " + path.iprev().why());
        inputs.put("spf-helo", words(path.helo()));
        inputs.put("spf-mailfrom", words(path.mailFrom()));
        inputs.put(
                "dkim",
                dkim.each().isEmpty()
                        ? "none"
                        : dkim.each().stream().map(AuthenticationReport::words).collect(Collectors.joining("; ")));
        inputs.put("arc", arc.status().word() + ": " + arc.why());
        inputs.put("dmarc", dmarc.outcome() + ": " + dmarc.why());
        inputs.put("dns", evidence.stream().map(DnsEvidence::toString).collect(Collectors.joining("; ")));
        return inputs;
    }

    private static String words(Author author) {
        return switch (author) {
            case Author.Named named -> named.mailboxes().toString();
            case Author.Malformed(String why) -> "malformed: " + why;
            case Author.Absent(String why) -> "absent: " + why;
        };
    }

    private static String words(SpfResult spf) {
        return spf.outcome().word() + " of " + spf.domain()
                + switch (spf.finding()) {
                    case SpfResult.Matched matched -> " by " + matched.directive();
                    case SpfResult.Unmatched _ -> ", no mechanism matched";
                    case SpfResult.Broken broken -> ": " + broken.problem();
                    case SpfResult.Nothing nothing -> ": " + nothing.why();
                };
    }

    private static String words(DkimResult dkim) {
        return dkim.outcome().word()
                + dkim.claim().domain().map(domain -> " of " + domain).orElse("")
                + dkim.claim().selector().map(selector -> " by " + selector).orElse("")
                + ": " + dkim.addition().orElse(dkim.why());
    }
}
