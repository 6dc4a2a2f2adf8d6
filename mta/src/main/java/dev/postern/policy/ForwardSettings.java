package dev.postern.policy;

import dev.postern.srs.SenderRewriting;
import java.util.Optional;

/// What is done with mail from elsewhere that aliases lead to other servers.
///
/// @param authentication whom we believe, and the name that our results carry
/// @param rewriting what becomes of the senders of such mail; empty: they stay as they are
/// @param unprovable what is done where nothing at the next hop would show who the author is
public record ForwardSettings(
        AuthenticationSettings authentication, Optional<SenderRewriting> rewriting, Unprovable unprovable) {}
