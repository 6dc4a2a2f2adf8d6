package dev.postern.policy;

/// Hears what became of each message whose sender was checked; called on the thread of its session, so it must not
/// wait.
@FunctionalInterface
public interface AuthenticationObserver {
    /// Hears of one message.
    void judged(JudgedMessage message);

    /// The observer that nobody wired: it hears and forgets.
    static AuthenticationObserver none() {
        return message -> {};
    }
}
