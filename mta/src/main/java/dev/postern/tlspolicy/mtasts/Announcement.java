package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.util.Optional;

/// What DNS says of the policy of a mail domain.
///
/// @rfc 8461 §3.1
sealed interface Announcement {
    /// There is one.
    record Present(StsRecord record) implements Announcement {}

    /// There is none.
    record Absent(String why) implements Announcement {}

    /// Nobody knows now.
    record Unknown(String why) implements Announcement {}

    /// Asks for it.
    static Announcement of(DomainName domain, Resolver resolver) {
        Optional<DomainName> name = domain.below(StsRecord.LABEL);
        if (name.isEmpty()) {
            return new Absent("the name of its record would be too long");
        }
        return switch (resolver.resolve(name.get(), RecordType.TXT)) {
            case DnsAnswer.Found<String> found ->
                switch (StsRecord.of(found.records())) {
                    case StsRecord.Result.Announced(StsRecord record) -> new Present(record);
                    case StsRecord.Result.Silent(String why) -> new Absent(why);
                };
            case DnsAnswer.NoData<String> none -> new Absent("there is no record of MTA-STS");
            case DnsAnswer.NoDomain<String> none -> new Absent("there is no record of MTA-STS");
            case DnsAnswer.Failed<String> failed -> new Unknown("its record cannot be looked up now: " + failed.why());
        };
    }
}
