package dev.postern.tlspolicy.mtasts;

import dev.postern.tlspolicy.TlsTrial;

/// What is known of the MTA-STS policy of a mail domain.
public sealed interface StsFinding {
    /// A sentence on how that was found, for the decision record.
    String why();

    /// It has none.
    record NoPolicy(String why) implements StsFinding {}

    /// It has this one, fetched now or kept from before and not expired.
    record InForce(StsPolicy policy, String why) implements StsFinding {}

    /// It announces one that cannot be had or read, and none is kept from before: mail goes as if there were none (RFC
    /// 8461 §5), and the report tells.
    ///
    /// @param result how it is counted
    record Unavailable(TlsTrial.Result result, String why) implements StsFinding {}
}
