package dev.postern.mailauth.dmarc;

import java.util.List;

/// Whether somebody wants reports on a domain that names it for them.
///
/// @rfc 9990 §4
public sealed interface ReportConsent {
    /// Reports are wanted.
    ///
    /// @param to where: the place that was named, or those that its owner names instead
    record Given(List<ReportUri> to) implements ReportConsent {
        public Given {
            to = List.copyOf(to);
            if (to.isEmpty()) {
                throw new IllegalArgumentException("reports that go nowhere");
            }
        }
    }

    /// Nobody there has said so: nothing may be sent.
    record Refused(String why) implements ReportConsent {}

    /// DNS did not answer; later it may.
    record Unknown(String why) implements ReportConsent {}
}
