package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.TlsPolicyResult;
import dev.postern.tlspolicy.TlsTrial;
import java.net.InetAddress;
import java.util.Optional;

/// Sessions of ours with servers of a domain that went alike.
///
/// @param policy the key of the policy that was kept, in {@link SessionPolicies}
/// @param failure how they failed; empty if they did not
/// @param count how many, 1 to {@value #MOST}
public record SessionRow(String policy, Optional<Failure> failure, long count) {
    /// The most sessions that are counted.
    public static final long MOST = TlsPolicyResult.MOST;

    private static final int LONGEST_REASON = 200;

    /// How a session failed.
    ///
    /// @param server where; nowhere if none was tried
    /// @param reason more about it, in at most 200 chars
    public record Failure(TlsTrial.Result result, Server server, String reason) {
        public Failure {
            reason = SessionPolicies.cut(reason, LONGEST_REASON);
        }
    }

    /// Between which two hosts a session was, as far as that is known.
    ///
    /// @param host the name of the mail exchanger
    /// @param address that of the host
    /// @param sender ours
    public record Server(Optional<DomainName> host, Optional<InetAddress> address, Optional<InetAddress> sender) {
        /// Nothing is known.
        static final Server UNKNOWN = new Server(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// @throws IllegalArgumentException if the number is out of bounds
    public SessionRow {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(count + " sessions");
        }
    }

    /// One try.
    public static SessionRow of(TlsTrial trial) {
        Server server = new Server(
                trial.host(), trial.addresses().host(), trial.addresses().sender());
        return new SessionRow(
                SessionPolicies.key(trial.policy()),
                switch (trial.outcome()) {
                    case TlsTrial.Outcome.Success _ -> Optional.empty();
                    case TlsTrial.Outcome.Failure(TlsTrial.Result result, String reason) ->
                        Optional.of(new Failure(result, server, reason));
                },
                1);
    }
}
