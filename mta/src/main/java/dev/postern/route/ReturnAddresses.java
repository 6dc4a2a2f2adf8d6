package dev.postern.route;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import dev.postern.srs.Reversal;
import dev.postern.srs.SenderRewriting;

/// Knows the return addresses that were made for senders of forwarded mail, and for the rest asks what is written down.
///
/// An address in a domain of ours that begins as the scheme's do is never anything else: also where every local part
/// exists, or a catch-all takes what is left, a forged one is refused.
///
/// @param written what is written down
public record ReturnAddresses(AddressTable written, SenderRewriting rewriting) implements Directory {
    private static final EnhancedStatus NOT_AUTHORIZED = EnhancedStatus.of("5.7.1");
    private static final EnhancedStatus NO_LONGER = EnhancedStatus.of("5.1.1");

    @Override
    public Destination destination(ForwardPath path) {
        return switch (path) {
            case Postmaster postmaster -> written.destination(postmaster);
            case Mailbox mailbox ->
                switch (rewriting.back(mailbox)) {
                    case Reversal.Other other -> written.destination(mailbox);
                    case Reversal.Genuine(Mailbox sender) -> returned(sender);
                    case Reversal.Forged(String why) ->
                        new Destination.Unreturnable(SenderRewriting.RULE, NOT_AUTHORIZED, why);
                    case Reversal.Expired(String why) ->
                        new Destination.Unreturnable(SenderRewriting.RULE, NO_LONGER, why);
                };
        };
    }

    /// A sender whose domain has become ours since may have no inbox here.
    private Destination returned(Mailbox sender) {
        Destination.Fixed meaning = written.destination(sender);
        return meaning instanceof Destination.Unknown ? meaning : new Destination.Returned(sender, meaning);
    }
}
