package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.message.MessageStamp;
import dev.postern.srs.SenderRewriting;

/// What is done with mail that is proven to be from its author here, and could not be at the next hop, where its
/// author's domain would have it quarantined or refused.
public sealed interface Unprovable {
    /// It is sent on as it is.
    record Send() implements Unprovable {}

    /// It is refused, where nobody here would get it.
    record Refuse() implements Unprovable {}

    /// It goes on from an address of ours, as mailing lists do it.
    record Rewrite(OurName name) implements Unprovable {}

    /// It goes on within a message of ours.
    record Wrap(OurName name) implements Unprovable {}

    /// In what name we send what others wrote.
    ///
    /// @param addresses makes the addresses that stand in for authors
    /// @param domain of these addresses
    /// @param signer signs for that domain
    record OurName(SenderRewriting addresses, DomainName domain, MessageStamp signer) {}

    /// The word in the configuration.
    default String word() {
        return switch (this) {
            case Send _ -> "send";
            case Refuse _ -> "refuse";
            case Rewrite _ -> "rewrite";
            case Wrap _ -> "wrap";
        };
    }
}
