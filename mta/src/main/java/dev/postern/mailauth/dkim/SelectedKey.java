package dev.postern.mailauth.dkim;

import dev.postern.dns.DomainName;

/// A key under the selector by which it is published.
///
/// @param selector `s=`, one label or more
public record SelectedKey(DomainName selector, DkimKey key) {
    /// Who signs by it for a domain.
    ///
    /// @throws IllegalArgumentException if selector and domain are too long to be one name
    public SignerName signer(DomainName domain) {
        return new SignerName(domain, selector, key.algorithm());
    }
}
