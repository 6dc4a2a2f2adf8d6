package dev.postern.transport;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtpclient.Encryption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What one attempt came to for one recipient.
public sealed interface DeliveryOutcome {
    /// It arrived: in the inbox, or with a next hop that took it over.
    ///
    /// @param how a few words: `maildir`, the next hop's reply
    /// @param remote the host that took it, name and address
    /// @param handsOnReports whether the next hop will report success itself, since it speaks DSN
    ///     (RFC 3461 §5.2.1)
    /// @param relayed whether it went to another server rather than into an inbox
    /// @param timeKeeper who watches from now on that it arrives in time
    record Delivered(
            String how, Optional<Remote> remote, boolean handsOnReports, boolean relayed, TimeKeeper timeKeeper)
            implements DeliveryOutcome {
        /// What arrived where nobody watches the time.
        public Delivered(String how, Optional<Remote> remote, boolean handsOnReports, boolean relayed) {
            this(how, remote, handsOnReports, relayed, TimeKeeper.NOBODY);
        }
    }

    /// Not now; try again.
    ///
    /// @param scope whether the whole next hop is to be left alone for a while
    record Deferred(EnhancedStatus status, String why, Optional<Remote> remote, Scope scope)
            implements DeliveryOutcome {}

    /// Never.
    record Failed(EnhancedStatus status, String why, Optional<Remote> remote) implements DeliveryOutcome {}

    /// Who watches over the time by which a message is to be delivered (RFC 2852 §4.1.4).
    enum TimeKeeper {
        /// Nobody does: it has arrived, or the next hop does not know of such times.
        NOBODY,
        /// The next hop was told of the time that is left.
        NEXT_HOP
    }

    /// What a temporary failure says about other messages.
    enum Scope {
        /// Only this message or recipient.
        RECIPIENT,
        /// What the mail domain publishes cannot be had or met: its own mail waits, that of other domains with the same
        /// exchangers need not.
        DOMAIN,
        /// The next hop cannot be reached or does not want to talk now.
        NEXT_HOP
    }

    /// Who said it.
    ///
    /// @param host the next hop's name as we looked it up
    /// @param address its address and port in text
    /// @param words its reply on one line, empty where it said nothing
    /// @param security how the session was to be protected, and was
    record Remote(String host, String address, String words, Security security) {
        /// Who said it where nothing is known of its protection.
        public Remote(String host, String address, String words) {
            this(host, address, words, Security.untold());
        }
    }

    /// How a session was to be protected, and was; each is empty where that is not known.
    ///
    /// @param tlsDemand what it had to have
    /// @param tlsWhy the reasons, in the order in which they were found
    /// @param encryption what it had
    record Security(String tlsDemand, String tlsWhy, Encryption encryption) {
        /// Nothing is known.
        public static Security untold() {
            return new Security("", "", Encryption.none());
        }

        /// It as inputs of a decision, in order, without what is empty.
        public Map<String, String> inputs() {
            Map<String, String> inputs = new LinkedHashMap<>();
            inputs.put("tls-demand", tlsDemand);
            inputs.put("tls-why", tlsWhy);
            inputs.put("tls", encryption.tls());
            inputs.put("tls-group", encryption.tlsGroup());
            inputs.put("certificate", encryption.certificate());
            inputs.put("proof", encryption.proof());
            inputs.values().removeIf(String::isEmpty);
            return inputs;
        }
    }
}
