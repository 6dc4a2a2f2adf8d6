package dev.postern.feedback;

import java.util.List;

/// What DKIM and SPF said of some messages, whatever it meant for DMARC: `auth_results`.
///
/// @param dkim for each signature, those that vouch for the author's domain first; at most {@value
///     #MOST}
/// @param spf at most {@value #MOST}; one or none by RFC 9990
/// @rfc 9990 §3.1.1.11, §3.1.3
public record AuthResults(List<DkimAuthResult> dkim, List<SpfAuthResult> spf) {
    /// The most results of each kind (RFC 9990 §3.1.3).
    public static final int MOST = 100;

    /// @throws IllegalArgumentException if there are too many
    public AuthResults {
        dkim = List.copyOf(dkim);
        spf = List.copyOf(spf);
        if (dkim.size() > MOST || spf.size() > MOST) {
            throw new IllegalArgumentException("more than " + MOST + " results of a kind");
        }
    }
}
