package dev.postern.mailauth.dmarc;

import java.util.List;

/// What SPF and DKIM have found out about a message.
///
/// @param passed the domains that are vouched for
/// @param undecided the domains for which DNS did not answer, so that SPF or DKIM ended in
///     temperror: they may pass later, so the message cannot fail for want of them now
public record Authentications(List<AuthenticatedDomain> passed, List<AuthenticatedDomain> undecided) {
    /// Nothing vouches for anything.
    public static final Authentications NONE = new Authentications(List.of(), List.of());

    public Authentications {
        passed = List.copyOf(passed);
        undecided = List.copyOf(undecided);
    }

    /// These domains are vouched for, and all others were decided.
    public static Authentications passed(AuthenticatedDomain... domains) {
        return new Authentications(List.of(domains), List.of());
    }
}
