package dev.postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Users and their passwords in memory, in the clear: for tests and trials.
///
/// Names are compared without regard to case.
public final class MemoryCredentials implements CredentialCheck, ScramLookup {
    private static final byte[] NOBODY = new byte[0];

    private final Map<String, byte[]> passwords;
    private final Map<String, ScramKeys> keys = new LinkedHashMap<>();

    /// @param passwords by user name
    /// @throws IllegalArgumentException if a password is empty
    public MemoryCredentials(Map<String, String> passwords) {
        if (passwords.containsValue("")) {
            throw new IllegalArgumentException("an empty password");
        }
        this.passwords = passwords.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> canonical(entry.getKey()), entry -> prepared(entry.getValue())));
        passwords.forEach((user, password) -> SaslPrep.stored(password)
                .ifPresent(prepared -> keys.put(canonical(user), keys(canonical(user), prepared))));
    }

    private static byte[] prepared(String password) {
        return SaslPrep.query(password).orElse(password).getBytes(StandardCharsets.UTF_8);
    }

    /// Keys whose salt follows from the name, since a test wants the same ones each time.
    private static ScramKeys keys(String user, String password) {
        byte[] salt = Arrays.copyOf(ScramHash.hash(user.getBytes(StandardCharsets.UTF_8)), ScramKeys.SALT_OCTETS);
        return ScramKeys.make(password, salt, ScramKeys.LEAST_ITERATIONS);
    }

    @Override
    public Outcome check(String user, String password) {
        String name = canonical(user);
        byte[] given = prepared(password);
        byte[] stored = passwords.getOrDefault(name, NOBODY);
        return MessageDigest.isEqual(stored, given) && stored.length > 0
                ? new Outcome.Known(name)
                : new Outcome.Wrong();
    }

    @Override
    public boolean hasKeys() {
        return !keys.isEmpty();
    }

    @Override
    public Finding keysOf(String user) {
        String name = canonical(user);
        return Optional.ofNullable(keys.get(name))
                .<Finding>map(found -> new Finding.Found(name, found))
                .orElseGet(() -> new Finding.Unknown(name));
    }

    private static String canonical(String user) {
        return SaslPrep.query(user).orElse(user).toLowerCase(Locale.ROOT);
    }
}
