package dev.postern.route;

import dev.postern.smtp.Host;
import java.net.InetAddress;

/// One address at which a message may be handed over.
///
/// @param host the exchanger's name as its domain lists it, or the address literal: what a certificate is checked
/// against
/// @param canonical the name that holds the address, other than the host where that is an alias
/// @param address where to connect to
/// @param preference of the exchanger, 0 to 65535, the lower the better; 0 where none is listed
/// @param hostAuthentic whether DNSSEC vouches for the host being an exchanger of the domain
/// @param addressAuthentic whether DNSSEC vouches for the address being the host's
public record Candidate(
        Host host,
        Host canonical,
        InetAddress address,
        int preference,
        boolean hostAuthentic,
        boolean addressAuthentic) {}
