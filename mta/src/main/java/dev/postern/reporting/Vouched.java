package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.results.AuthenticationResults;
import dev.postern.mailauth.results.MethodResult;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageReader;
import dev.postern.spool.SpooledMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/// For whom a message was found authentic when it came: the domain of its author, by the results that we wrote on top
/// of it ourselves. What stands in the content may be anybody's words, and is not looked at.
final class Vouched {
    private Vouched() {}

    /// The domain; empty if the message did not pass DMARC here, or was not checked.
    ///
    /// @param authservId the name that our results carry
    static Optional<DomainName> by(SpooledMessage message, DomainName authservId) throws IOException {
        byte[] trace = message.traceOctets();
        return MessageReader.read(new ByteArrayInputStream(trace), trace.length + 2)
                .header()
                .named(AuthenticationResults.NAME)
                .stream()
                .map(HeaderField::unfolded)
                .map(AuthenticationResults::parse)
                .flatMap(Optional::stream)
                .filter(results -> results.authservId().equals(authservId.text()))
                .flatMap(results -> results.results().stream())
                .filter(one -> one.method().equals("dmarc") && one.result().equals("pass"))
                .findFirst()
                .flatMap(Vouched::author);
    }

    private static Optional<DomainName> author(MethodResult dmarc) {
        return dmarc.properties().stream()
                .filter(one -> one.type().equals("header") && one.name().equals("from"))
                .findFirst()
                .flatMap(one -> DomainName.parse(one.value()));
    }
}
