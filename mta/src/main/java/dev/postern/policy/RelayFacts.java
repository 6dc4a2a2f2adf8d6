package dev.postern.policy;

/// The three facts from which relaying is decided, and nothing else.
///
/// @param listed whether the client's address lies in a network that may relay
/// @param authenticated whether the client has logged in
/// @param reach where the recipient leads
public record RelayFacts(boolean listed, boolean authenticated, Reach reach) {
    /// Where a recipient leads.
    public enum Reach {
        /// To an inbox, an alias or a relayed domain of ours.
        OURS,
        /// Into a relayed domain of ours, but with what may be another address (`%`, `!`, `@`) inside the local part,
        /// which the host behind us might take for an order to send it on.
        ROUTED,
        /// Back to the sender of mail that we forwarded: the recipient carries our signature, and the message is a
        /// report (null reverse-path).
        RETURNED,
        /// Into a domain of ours, where nobody has that name, or not for such a message.
        UNKNOWN,
        /// Anywhere else.
        ELSEWHERE
    }

    /// What follows from the facts.
    public enum Ruling {
        /// The recipient is ours: whoever asks is welcome.
        OURS,
        /// A report finds its way back: whoever brings it is welcome.
        RETURNED,
        /// The client has logged in.
        AUTHENTICATED,
        /// The client's network is listed.
        LISTED,
        /// There is no such recipient, for anybody.
        UNKNOWN,
        /// A stranger asks for somewhere else.
        DENIED;

        /// Whether the recipient is accepted.
        public boolean accepts() {
            return switch (this) {
                case OURS, RETURNED, AUTHENTICATED, LISTED -> true;
                case UNKNOWN, DENIED -> false;
            };
        }
    }

    /// THE decision: no other line of this server lets a message pass on to somewhere else.
    public Ruling decide() {
        return switch (reach) {
            case OURS -> Ruling.OURS;
            case RETURNED -> Ruling.RETURNED;
            case UNKNOWN -> Ruling.UNKNOWN;
            case ROUTED, ELSEWHERE -> authenticated ? Ruling.AUTHENTICATED : listed ? Ruling.LISTED : Ruling.DENIED;
        };
    }
}
