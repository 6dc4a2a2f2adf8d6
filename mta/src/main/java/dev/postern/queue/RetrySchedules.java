package dev.postern.queue;

import dev.postern.dns.DomainName;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import java.util.Map;

/// Which schedule holds for which recipient.
///
/// @param usual for everybody who is not named
/// @param byDomain for the recipients of a domain, itself and not what lies below it
public record RetrySchedules(RetrySchedule usual, Map<DomainName, RetrySchedule> byDomain) {
    public RetrySchedules {
        byDomain = Map.copyOf(byDomain);
    }

    /// One schedule for all.
    public static RetrySchedules all(RetrySchedule schedule) {
        return new RetrySchedules(schedule, Map.of());
    }

    /// The schedule of a recipient.
    public RetrySchedule of(ForwardPath recipient) {
        return switch (recipient) {
            case Mailbox(var _, Host.Domain(DomainName name)) -> byDomain.getOrDefault(name, usual);
            case Mailbox(var _, Host.AddressLiteral _) -> usual;
            case Postmaster() -> usual;
        };
    }
}
