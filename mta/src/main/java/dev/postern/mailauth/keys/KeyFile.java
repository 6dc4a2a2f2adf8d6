package dev.postern.mailauth.keys;

import dev.postern.crypto.PrivateFile;
import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Instant;
import java.util.Optional;

/// A file that holds a private key, whose name tells where the public half is published.
///
/// ```
/// name = selector "._domainkey." domain ".pem"
/// ```
///
/// @param path where it is
/// @param selector `s=`, one label or more
/// @param domain `d=`
public record KeyFile(Path path, DomainName selector, DomainName domain) {
    static final String SUFFIX = ".pem";
    private static final String BETWEEN = "._domainkey.";

    /// The file at a path; empty if its name is none of a key.
    public static Optional<KeyFile> of(Path path) {
        String name = String.valueOf(path.getFileName());
        int at = name.indexOf(BETWEEN);
        if (at < 0 || !name.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        Optional<DomainName> selector = DomainName.parse(name.substring(0, at));
        int begin = at + BETWEEN.length();
        int end = name.length() - SUFFIX.length();
        Optional<DomainName> domain = begin > end ? Optional.empty() : DomainName.parse(name.substring(begin, end));
        return selector.isEmpty()
                        || domain.isEmpty()
                        || DomainName.parse(recordName(selector.get(), domain.get()))
                                .isEmpty()
                ? Optional.empty()
                : Optional.of(new KeyFile(path, selector.get(), domain.get()));
    }

    private static String recordName(DomainName selector, DomainName domain) {
        return selector + BETWEEN + domain;
    }

    /// The name of the file of a key.
    static String nameOf(String selector, DomainName domain) {
        return selector + BETWEEN + domain + SUFFIX;
    }

    /// The name at which the key's record is published.
    public DomainName record() {
        return DomainName.of(recordName(selector, domain));
    }

    /// When it was made.
    public Instant made() throws IOException {
        return Files.getLastModifiedTime(path).toInstant();
    }

    /// The key in it.
    ///
    /// @param provider signs, where it knows the algorithm; else the JDK does
    /// @throws IOException with a sentence for the administrator, if there is none, it is too weak, or others than
    ///     the file's owner and group may read or change it
    public DkimKey read(Optional<Provider> provider) throws IOException {
        PrivateFile.requirePrivate(path);
        return DkimKey.parse(Files.readString(path), path.toString(), provider);
    }
}
