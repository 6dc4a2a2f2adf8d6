package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.ReturnedHeader;
import dev.postern.spool.QueueId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the names that we gave to a message in what comes back of it: in our own Received fields, in a Message-ID that
/// we made. Whoever got the message can write them anew, so they are claims.
final class OwnMessage {
    private static final int MOST_FIELDS = 50;
    private static final int MOST_NAMES = 3;
    private static final String ID = "([0-9a-hj-km-np-tv-z]{13})";

    private final Pattern received;
    private final Pattern messageId;

    /// @param hostname the name that stands in our fields
    OwnMessage(DomainName hostname) {
        String host = Pattern.quote(hostname.text());
        received = Pattern.compile("(?:^|[ \\t])by " + host + " with [^;]{1,200}? id " + ID + "(?:[;\\s]|$)");
        messageId = Pattern.compile("^" + ID + "@" + host + "$");
    }

    /// The names that a message had here, the newest first; at most three.
    List<QueueId> names(ReturnedHeader returned, Optional<String> envelopeId) {
        Stream<String> ours = returned.received().stream()
                .limit(MOST_FIELDS)
                .map(received::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
        Stream<String> made = returned.messageId().stream()
                .map(messageId::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
        return Stream.of(ours, made, envelopeId.stream())
                .flatMap(names -> names)
                .map(QueueId::parse)
                .flatMap(Optional::stream)
                .distinct()
                .limit(MOST_NAMES)
                .toList();
    }
}
