package dev.postern.route;

import java.util.Optional;

/// A domain whose inboxes are elsewhere, and for which this server takes mail from anybody: a gateway, or a backup
/// exchanger.
///
/// @param domains the domain, or those below one
/// @param host the inside host that takes its mail; without one its better-preferred mail exchangers do
public record RelayDomain(DomainPattern domains, Optional<SmarthostSettings> host) {}
