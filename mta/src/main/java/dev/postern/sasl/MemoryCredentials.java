package dev.postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Users and their passwords in memory, in the clear: for tests and trials.
///
/// Names are compared without regard to case.
public final class MemoryCredentials implements CredentialCheck {
    private static final byte[] NOBODY = new byte[0];

    private final Map<String, byte[]> passwords;

    /// @param passwords by user name
    /// @throws IllegalArgumentException if a password is empty
    public MemoryCredentials(Map<String, String> passwords) {
        if (passwords.containsValue("")) {
            throw new IllegalArgumentException("an empty password");
        }
        this.passwords = passwords.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> canonical(entry.getKey()),
                        entry -> entry.getValue().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Outcome check(String user, String password) {
        String name = canonical(user);
        byte[] given = password.getBytes(StandardCharsets.UTF_8);
        byte[] stored = passwords.getOrDefault(name, NOBODY);
        return MessageDigest.isEqual(stored, given) && stored.length > 0
                ? new Outcome.Known(name)
                : new Outcome.Wrong();
    }

    private static String canonical(String user) {
        return user.toLowerCase(Locale.ROOT);
    }
}
