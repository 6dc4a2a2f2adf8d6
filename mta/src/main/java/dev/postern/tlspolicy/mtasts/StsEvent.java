package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import dev.postern.event.Event;
import dev.postern.tlspolicy.TlsTrial;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What happens to policies of mail domains and is worth telling.
public sealed interface StsEvent extends Event {
    /// A policy was fetched that is new, or other than before.
    ///
    /// @param mode `enforce`, `testing` or `none`
    record StsPolicyFetched(DomainName domain, String id, String mode, List<String> hosts, Duration maxAge)
            implements StsEvent {}

    /// A policy could not be fetched again, so the one of before stays in force.
    ///
    /// @param until when it ends
    record StsPolicyKept(DomainName domain, String id, Instant until, TlsTrial.Result result, String why)
            implements StsEvent {}

    /// A policy is announced and cannot be had or read, and there is none of before: mail goes as if there were none.
    record StsPolicyUnavailable(DomainName domain, String id, TlsTrial.Result result, String why) implements StsEvent {}

    /// A policy has ended, and it could not be fetched again in time or nobody wanted it.
    record StsPolicyExpired(DomainName domain, String id) implements StsEvent {}

    /// Policies of before are not known, since their file, or some lines of it, cannot be read.
    ///
    /// @param lines how many; 0 where it is the whole file, which then was put aside
    record StsPoliciesUnreadable(String file, int lines, String why) implements StsEvent {}

    /// The policies are not on disk, so that a restart would forget the latest; it is tried again.
    record StsPoliciesNotSaved(String file, String why) implements StsEvent {}
}
