package dev.postern.mailauth.arc;

import dev.postern.mailauth.DnsEvidence;
import java.util.List;

/// What became of the chain of a message.
///
/// @param why a sentence for a human
/// @param hops from the first to the last, as far as the chain can be read; claims of strangers
///     unless it passes
/// @param findings what was found
public record ArcResult(ArcStatus status, String why, List<ArcHop> hops, Findings findings) {
    public ArcResult {
        hops = List.copyOf(hops);
    }

    /// What was found while a chain was validated.
    ///
    /// @param oldestPass the first hop behind which nothing that it signed was changed; 0 if nothing
    ///     was since the first (RFC 8617 §5.2)
    /// @param temporary whether it fails because DNS does not answer now
    /// @param unsignedOctets how many octets at the end of the body the last signature leaves out
    /// @param evidence what DNS said, at most the first hundred answers
    public record Findings(int oldestPass, boolean temporary, long unsignedOctets, List<DnsEvidence> evidence) {
        private static final int MOST = 100;

        public Findings {
            evidence = evidence.stream().limit(MOST).toList();
        }

        static Findings of(List<DnsEvidence> evidence) {
            return new Findings(0, false, 0, evidence);
        }
    }

    /// Whether the chain is whole.
    public boolean passed() {
        return status == ArcStatus.PASS;
    }
}
