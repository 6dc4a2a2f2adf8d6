package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.Optional;

/// What a forward-path means to this server.
public sealed interface Destination {
    /// What a forward-path means by what is written down of domains, inboxes and aliases, whoever
    /// asks and whenever.
    sealed interface Fixed extends Destination {}

    /// An inbox of ours.
    ///
    /// @param inbox the inbox's own address, lower case, without subaddress
    /// @param detail the subaddress, what stood behind `+` (RFC 5233)
    record Inbox(Mailbox inbox, Optional<String> detail) implements Fixed {}

    /// An alias of ours, fully expanded: every target is an inbox, an address elsewhere, or a
    /// program.
    ///
    /// @param targets at least one, each once
    /// @param owner whom reports go to instead of the sender, where the alias is a mailing list
    ///     (RFC 5321 §3.9.2)
    record Alias(String name, List<ForwardPath> targets, Optional<Mailbox> owner) implements Fixed {
        public Alias {
            targets = List.copyOf(targets);
        }
    }

    /// A domain that is not ours, but that we carry mail for.
    record Relayed(DomainName domain) implements Fixed {}

    /// Somewhere else: only those who may relay reach it.
    record Remote(Host host) implements Fixed {}

    /// An address in a domain of ours that does not exist, or cannot be written to.
    ///
    /// @param status such as 5.1.1
    /// @param why a sentence for the peer
    record Unknown(EnhancedStatus status, String why) implements Fixed {}

    /// A return address that we made when we forwarded mail of a sender: reports to it, and nothing
    /// else, go back to that sender.
    ///
    /// @param sender whom it stands for
    /// @param meaning what that sender's address means here, as a rule {@link Remote}; never unknown
    record Returned(Mailbox sender, Fixed meaning) implements Destination {}

    /// A return address that we signed for mail of our own: whoever writes to it means the plain one.
    ///
    /// @param plain the address without its signature
    /// @param meaning what that means here; never unknown
    record Signed(Mailbox plain, Fixed meaning) implements Destination {}

    /// A return address that we did not make, or too long ago.
    ///
    /// @param rule the name of the rule that says so, in decisions
    /// @param status such as 5.7.1
    /// @param why a sentence for the peer
    record Unreturnable(String rule, EnhancedStatus status, String why) implements Destination {}
}
