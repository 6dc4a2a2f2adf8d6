package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.util.List;

/// A name that has to lead to this server: its own, or one for which it answers by HTTPS.
///
/// @param name that others look up
/// @param host this server
public record OwnName(DomainName name, DomainName host) {
    /// Whether it is the server's own name.
    public boolean isHost() {
        return name.equals(host);
    }

    /// What to publish, as lines of a master file; none for the server's own name, whose addresses we cannot know.
    public List<String> lines() {
        return isHost() ? List.of() : List.of(MasterFile.line(name, RecordType.CNAME, host));
    }
}
