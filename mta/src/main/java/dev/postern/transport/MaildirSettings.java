package dev.postern.transport;

/// How Maildirs are written.
///
/// @param path where they lie
/// @param host this host's name, a part of each file's name
public record MaildirSettings(InboxPath path, String host) {
    /// @throws IllegalArgumentException if the name of the host is empty or longer than a domain name
    public MaildirSettings {
        if (host.isEmpty() || host.length() > 253) {
            throw new IllegalArgumentException("a host name of " + host.length() + " characters");
        }
    }
}
