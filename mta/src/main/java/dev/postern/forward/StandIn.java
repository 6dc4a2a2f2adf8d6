package dev.postern.forward;

import dev.postern.dns.DomainName;
import dev.postern.message.Author;
import dev.postern.message.AuthorMailbox;
import dev.postern.message.DisplayText;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.smtp.Mailbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An address of ours that stands in From for an author, with a name that tells whom it stands for, and where replies
/// go.
///
/// @param name what the reader sees: `Ann via ours.example`; not empty
/// @param address the address of ours
/// @param authors whom replies reach, at least one
public record StandIn(DisplayText name, Mailbox address, List<Mailbox> authors) {
    private static final int LONGEST_NAME = 64;

    /// @throws IllegalArgumentException if nobody is named
    public StandIn {
        authors = List.copyOf(authors);
        if (authors.isEmpty() || name.text().isEmpty()) {
            throw new IllegalArgumentException("it stands for nobody");
        }
    }

    /// The mailboxes of an author that replies can reach: those that are mailboxes to SMTP too.
    public static List<Mailbox> reachable(Author.Named author) {
        return author.mailboxes().stream()
                .map(StandIn::mailbox)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Optional<Mailbox> mailbox(AuthorMailbox author) {
        return Mailbox.parse(author.localPart() + "@" + author.domain());
    }

    /// The one who stands in for the author of a message.
    ///
    /// @param from the message's From field, which names an author
    /// @param authors whom replies reach, as {@link #reachable} tells them; at least one
    /// @param address the address of ours
    /// @param via the domain of ours that the reader is told
    /// @return empty if readers would disagree on the address: one in which `?` follows an equals sign, for
    ///     instance, looks like an encoded word
    public static Optional<StandIn> of(HeaderField from, List<Mailbox> authors, Mailbox address, DomainName via) {
        List<String> names = Author.names(from);
        String first = names.isEmpty()
                ? ""
                : DisplayText.of(names.getFirst(), LONGEST_NAME).text();
        // a name that is an address would be taken for that address; none at all would be the domain's
        String called = first.isEmpty() || first.indexOf('@') >= 0 ? spelled(authors.getFirst()) : first;
        String others = names.size() > 1 ? " and " + (names.size() - 1) + " more" : "";
        DisplayText name = DisplayText.of(called + others + " via " + via, Integer.MAX_VALUE);
        return Optional.of(new StandIn(name, address, authors)).filter(StandIn::isPlain);
    }

    /// Whether every honest reader finds the one author that is meant in the From field.
    private boolean isPlain() {
        MessageHeader header = new MessageHeader(List.of(from()), MessageHeader.Ending.END);
        return Author.of(header) instanceof Author.Named named
                && named.mailboxes().size() == 1
                && reachable(named).equals(List.of(address));
    }

    /// An address as a name, which is none to whoever looks for addresses in names.
    private static String spelled(Mailbox author) {
        return DisplayText.of(author.localPart().value().replace('@', ' '), LONGEST_NAME)
                        .text() + " at " + author.host();
    }

    /// The From field.
    public HeaderField from() {
        List<String> words = new ArrayList<>(name.phrase());
        words.add("<" + address + ">");
        return HeaderField.folded("From", words);
    }

    /// The Reply-To field, which leads to all authors.
    public HeaderField replyTo() {
        List<String> words = new ArrayList<>();
        for (Mailbox author : authors) {
            words.add("<" + author + ">" + (words.size() + 1 < authors.size() ? "," : ""));
        }
        return HeaderField.folded("Reply-To", words);
    }
}
