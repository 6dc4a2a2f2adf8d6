package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.util.Optional;

/// The decision how a recipient is reached.
public sealed interface Route {
    /// The name of the lane in which messages for this next hop wait; equal routes have equal
    /// lanes.
    String lane();

    /// Through the mail exchangers of a domain, or to an address literal itself (RFC 5321 §5.1).
    ///
    /// @param host the recipient's host
    /// @param port the port of the exchangers, 25 unless configured
    /// @param backup whether we are a backup exchanger for it: only better-preferred hosts are
    ///     tried
    /// @param fallback the smarthost to try when no exchanger can be connected to
    record Mx(Host host, int port, boolean backup, Optional<Smarthost> fallback) implements Route {
        private static final String LANE = "mx:";

        @Override
        public String lane() {
            return LANE + host;
        }

        /// The domain whose exchangers a lane of this name leads to; empty if it leads elsewhere.
        public static Optional<DomainName> domainOf(String lane) {
            return lane.startsWith(LANE) ? DomainName.parse(lane.substring(LANE.length())) : Optional.empty();
        }
    }

    /// Through one given host: a smarthost, or the inside host of a relay domain.
    record Smarthost(SmarthostSettings settings) implements Route {
        @Override
        public String lane() {
            return "host:" + settings.name();
        }
    }

    /// Into an inbox of ours.
    ///
    /// @param transport the name of the transport that writes it: `maildir`, `lmtp`, or one from
    ///     the configuration
    /// @param inbox the inbox's address
    /// @param detail the subaddress
    record Local(String transport, Mailbox inbox, Optional<String> detail) implements Route {
        @Override
        public String lane() {
            return "local:" + transport;
        }
    }

    /// Nowhere: the recipient fails with this status.
    record Refused(EnhancedStatus status, String why) implements Route {
        @Override
        public String lane() {
            return "refused";
        }
    }
}
