package dev.postern.smtpserver;

import dev.postern.policy.ListenerRole;
import dev.postern.pressure.Resource;
import dev.postern.smtp.Reply;

/// Why there is no room for a client.
enum Shortage {
    /// There are too many sessions in all.
    IN_ALL("sessions"),
    /// There are too many at listeners of this role.
    LISTENER("sessions"),
    /// There are too many from this address.
    ADDRESS("sessions-per-address"),
    /// There are too many from the network around it.
    NETWORK("sessions-per-network"),
    /// There are too many from the region around that.
    REGION("sessions-per-region"),
    /// The disk is nearly full.
    DISK("overload-disk"),
    /// Memory is nearly used up.
    MEMORY("overload-memory"),
    /// Mail is stored too slowly.
    SPOOL("overload-spool"),
    /// The system gives no more connections.
    DESCRIPTORS("descriptors");

    private final String setting;

    Shortage(String setting) {
        this.setting = setting;
    }

    /// What a lack of a resource means for newcomers.
    static Shortage of(Resource resource) {
        return switch (resource) {
            case SESSIONS -> IN_ALL;
            case SPOOL -> SPOOL;
            case DISK -> DISK;
            case MEMORY -> MEMORY;
        };
    }

    /// The word in the log: the setting that says how much there may be, as far as there is one.
    String setting(ListenerRole role) {
        return this == LISTENER ? setting + "-" + role.label() : setting;
    }

    /// What the client is told.
    Reply reply() {
        return switch (this) {
            case IN_ALL, DESCRIPTORS -> Replies.TOO_MANY_SESSIONS;
            case LISTENER -> Replies.TOO_MANY_SESSIONS_HERE;
            case ADDRESS, NETWORK, REGION -> Replies.TOO_MANY_FROM_THERE;
            case DISK -> Replies.OVERLOADED_DISK;
            case MEMORY -> Replies.OVERLOADED_MEMORY;
            case SPOOL -> Replies.OVERLOADED_SPOOL;
        };
    }
}
