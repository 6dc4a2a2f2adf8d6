package dev.postern.smtpclient;

/// What is the same for every session of a client.
///
/// @param name our host name or address literal, as EHLO wants it (RFC 5321 §4.1.1.1): 1 to 255 printable ASCII
/// characters
/// @param timeouts how long to wait
/// @param chunk octets of one BDAT chunk; content up to this size goes out together with its envelope, 1 KiB to 16
/// MiB
public record ClientSettings(String name, ClientTimeouts timeouts, int chunk) {
    private static final int MIN_CHUNK = 1 << 10;
    private static final int STANDARD_CHUNK = 1 << 18;
    private static final int MAX_CHUNK = 1 << 24;
    private static final int MAX_NAME = 255;

    /// @throws IllegalArgumentException if the name or the chunk is out of its bounds
    public ClientSettings {
        if (name.isEmpty() || name.length() > MAX_NAME || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("no name for EHLO: " + name);
        }
        if (chunk < MIN_CHUNK || chunk > MAX_CHUNK) {
            throw new IllegalArgumentException("a chunk of " + chunk + " octets");
        }
    }

    /// The settings that a client needs no reason for.
    public static ClientSettings standard(String name) {
        return new ClientSettings(name, ClientTimeouts.standard(), STANDARD_CHUNK);
    }
}
