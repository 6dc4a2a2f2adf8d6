package dev.postern.policy;

/// How many messages an hour aliases may lead away from this server; 0 is no limit.
///
/// @param perAlias by each alias
/// @param inAll by all of them together, a message once for each of its aliases
public record ForwardLimits(int perAlias, int inAll) {
    /// No mailbox of a human gets so much.
    public static final int USUAL_PER_ALIAS = 500;

    /// What other sites may think of our forwards depends on all of them.
    public static final int USUAL_IN_ALL = 10_000;

    /// @throws IllegalArgumentException if one is below zero
    public ForwardLimits {
        if (perAlias < 0 || inAll < 0) {
            throw new IllegalArgumentException("a limit below zero");
        }
    }
}
