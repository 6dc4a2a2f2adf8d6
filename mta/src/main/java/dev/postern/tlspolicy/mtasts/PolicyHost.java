package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Blanks;
import dev.postern.tlspolicy.TlsTrial;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/// Where a mail domain keeps its policy, and what counts as one there; may be shared by all threads.
///
/// @param port of the hosts; 443 on the Internet
/// @rfc 8461 §3.3
record PolicyHost(PolicyFetcher fetcher, int port) {
    /// The port of HTTPS.
    static final int HTTPS = 443;

    private static final int OK = 200;

    /// What came of fetching a policy.
    sealed interface Fetched {
        /// This one.
        record Policy(StsPolicy policy) implements Fetched {}

        /// None.
        record Failure(TlsTrial.Result result, String why) implements Fetched {}
    }

    /// Fetches the policy of a domain.
    Fetched of(DomainName domain) {
        Optional<DomainName> host = PolicyFile.host(domain);
        if (host.isEmpty()) {
            return failure("the name of its host would be too long");
        }
        String place = host.get() + (port == HTTPS ? "" : ":" + port);
        return switch (fetcher.fetch(URI.create("https://" + place + PolicyFile.PATH))) {
            case PolicyFetcher.Answer.Answered answered -> read(answered, host.get());
            case PolicyFetcher.Answer.Unproven(String why) ->
                new Fetched.Failure(TlsTrial.Result.STS_WEBPKI_INVALID, host.get() + ": " + why);
            case PolicyFetcher.Answer.Failed(String why) -> failure(host.get() + ": " + why);
        };
    }

    private static Fetched read(PolicyFetcher.Answer.Answered answered, DomainName host) {
        if (answered.status() != OK) {
            return failure(host + " answers with status " + answered.status());
        }
        if (!isPlainText(answered.contentType().orElse(""))) {
            return failure(host + " does not answer with a file of text/plain");
        }
        if (!answered.whole()) {
            return invalid("it is larger than " + PolicyParser.LONGEST + " octets");
        }
        return switch (PolicyParser.parse(answered.body())) {
            case PolicyParser.Result.Good(StsPolicy policy) -> new Fetched.Policy(policy);
            case PolicyParser.Result.Bad(String why) -> invalid(why);
        };
    }

    /// RFC 8461 §3.2: other files may be there by the will of users of the host; parameters mean nothing.
    private static boolean isPlainText(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return Blanks.off(type).toLowerCase(Locale.ROOT).equals("text/plain");
    }

    private static Fetched failure(String why) {
        return new Fetched.Failure(TlsTrial.Result.STS_POLICY_FETCH_ERROR, why);
    }

    private static Fetched invalid(String why) {
        return new Fetched.Failure(TlsTrial.Result.STS_POLICY_INVALID, "the file is wrong: " + why);
    }
}
