package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.mailauth.dkim.DkimKey;
import java.util.List;

/// The public half of a key that signs a domain's mail, will sign it, or has signed what is still on its way.
///
/// @param subject the domain
/// @param name of the record, below the domain
/// @param stage what the key is for now
/// @rfc 6376 §3.6.1
public record SigningKeyRecord(DomainName subject, DomainName name, DkimKey key, Stage stage)
        implements OwnRecords<String> {
    /// What a key is for.
    public enum Stage {
        /// It signs.
        ACTIVE,
        /// It will sign as soon as its record is published.
        WAITING,
        /// It signs no more, but its signatures are still to be checked.
        RETIRED
    }

    @Override
    public String purpose() {
        return "DKIM";
    }

    @Override
    public RecordType<String> type() {
        return RecordType.TXT;
    }

    @Override
    public List<String> records() {
        return List.of(key.record());
    }

    @Override
    public Judgement<String> judge(List<String> published) {
        return Judgement.ofOnly(
                published,
                records(),
                published.size() + " records are there, where one should be",
                // The name is that of our key, so whatever else stands there is in its place.
                one -> key.faultOf(one)
                        .map(why -> Judgement.replaced(why, published, records()))
                        .orElseGet(() -> Judgement.right("", published)));
    }
}
