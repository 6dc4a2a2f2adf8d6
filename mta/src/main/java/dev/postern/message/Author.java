package dev.postern.message;

import dev.postern.dns.DomainName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Who wrote a message, by its From field, read so strictly that every honest reader would name the
/// same domain; where they would not, it is malformed.
///
/// @rfc 5322 §3.6.2
/// @rfc 9989 §5.3.1
public sealed interface Author {
    /// One or more mailboxes wrote it.
    ///
    /// @param mailboxes all of them, at least one, those of groups (RFC 6854) included
    record Named(List<AuthorMailbox> mailboxes) implements Author {
        public Named {
            mailboxes = List.copyOf(mailboxes);
            if (mailboxes.isEmpty()) {
                throw new IllegalArgumentException("an author without a mailbox");
            }
        }

        /// The different domains of the mailboxes, in the order in which they appear.
        public List<DomainName> domains() {
            return mailboxes.stream().map(AuthorMailbox::domain).distinct().toList();
        }
    }

    /// Nobody can tell reliably: several From fields, or one that is no list of mailboxes.
    ///
    /// @param why what is wrong, for a human, without anything that the message says
    record Malformed(String why) implements Author {}

    /// Nobody: there is no From field, or it is a group without members (RFC 6854).
    ///
    /// @param why which of them
    record Absent(String why) implements Author {}

    /// The author by a header section. Whoever may have let a header end at a line that is no field
    /// takes {@link #of(MessageHeader, InputStream)}.
    static Author of(MessageHeader header) {
        List<HeaderField> from = header.named(FromReader.NAME);
        if (HiddenFrom.isIn(header)) {
            return new Malformed("a CR or LF alone before what may be taken for a From field");
        }
        if (from.size() > 1) {
            return new Malformed(from.size() + " From fields");
        }
        return from.isEmpty() ? new Absent("there is no From field") : FromReader.read(from.getFirst());
    }

    /// What the author is called: the display name of each mailbox of a From field, decoded (RFC
    /// 2047), empty where it has none; nothing unless the field names an author.
    static List<String> names(HeaderField from) {
        return FromReader.names(from);
    }

    /// The author by a header section and what follows it: where the section ends at a line that is
    /// no field, some readers go on to the empty line, and a From field there would be the author
    /// for them.
    ///
    /// @param body the body from its begin; not touched unless the header ended early, else read as
    ///     far as the first empty line, at most 64 KiB; the caller closes it
    static Author of(MessageHeader header, InputStream body) throws IOException {
        boolean early = header.ending() == MessageHeader.Ending.NO_FIELD;
        if (early && HiddenFrom.isIn(body)) {
            return new Malformed("a From field behind a line that is no field");
        }
        return of(header);
    }
}
