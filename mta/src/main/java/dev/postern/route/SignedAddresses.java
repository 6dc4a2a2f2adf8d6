package dev.postern.route;

import dev.postern.batv.SignedReturnPaths;
import dev.postern.batv.Validation;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;

/// Knows the return addresses that were signed for mail of our own, and for the rest asks another.
///
/// An address in a domain of ours that begins as a signed one does is never anything else: also where every local part
/// exists, or a catch-all takes what is left, a forged one is refused.
///
/// @param others knows all other addresses
public record SignedAddresses(Directory others, SignedReturnPaths paths) implements Directory {
    private static final EnhancedStatus NOT_AUTHORIZED = EnhancedStatus.of("5.7.1");
    private static final EnhancedStatus NO_LONGER = EnhancedStatus.of("5.1.1");

    @Override
    public Destination destination(ForwardPath path) {
        return switch (path) {
            case Postmaster postmaster -> others.destination(postmaster);
            case Mailbox mailbox ->
                switch (paths.validate(mailbox)) {
                    case Validation.Plain plain -> others.destination(mailbox);
                    case Validation.Genuine(Mailbox plain) -> signed(plain);
                    case Validation.Forged(String why) ->
                        new Destination.Unreturnable(SignedReturnPaths.RULE, NOT_AUTHORIZED, why);
                    case Validation.Expired(String why) ->
                        new Destination.Unreturnable(SignedReturnPaths.RULE, NO_LONGER, why);
                };
        };
    }

    /// The user may have left since.
    private Destination signed(Mailbox plain) {
        return switch (others.destination(plain)) {
            case Destination.Unknown unknown -> unknown;
            case Destination.Fixed meaning -> new Destination.Signed(plain, meaning);
            case Destination.Returned returned -> returned;
            case Destination.Signed signed -> signed;
            case Destination.Unreturnable unreturnable -> unreturnable;
        };
    }
}
