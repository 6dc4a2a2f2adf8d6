package dev.postern.smtpserver;

import java.util.Optional;

/// Which user somebody is whom another server says to have logged in there (LOGIN of XCLIENT).
@FunctionalInterface
public interface ClaimedUsers {
    /// The user's canonical name; empty if that server's word is not enough, or there is no such user.
    Optional<String> user(String login);

    /// Nobody is logged in by another's word.
    static ClaimedUsers none() {
        return login -> Optional.empty();
    }
}
