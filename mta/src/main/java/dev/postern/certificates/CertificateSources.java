package dev.postern.certificates;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import java.util.List;

/// Where the certificates come from.
///
/// @param written by others, and read once already
/// @param awaited files of ours, which may not be there yet
/// @param own shown where there is none of them
/// @param hostname whose certificate is shown to clients that ask for no name, or for one that we do not have
public record CertificateSources(List<Read> written, List<KeyFiles> awaited, Identity own, DomainName hostname) {
    public CertificateSources {
        written = List.copyOf(written);
        awaited = List.copyOf(awaited);
    }

    /// Files and what was in them.
    public record Read(KeyFiles files, Identity identity) {}
}
