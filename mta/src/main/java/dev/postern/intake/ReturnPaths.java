package dev.postern.intake;

import dev.postern.batv.SignedReturnPaths;
import dev.postern.srs.SenderRewriting;
import java.util.Optional;
import java.util.function.Supplier;

/// What becomes of the reverse-paths of mail that leaves; each is asked for each message.
///
/// @param rewriting of strangers' mail that is forwarded; empty: they stay as they are
/// @param signing of our own mail; empty: they stay as they are
record ReturnPaths(Supplier<Optional<SenderRewriting>> rewriting, Supplier<Optional<SignedReturnPaths>> signing) {
    /// All stay as they are.
    static ReturnPaths none() {
        return new ReturnPaths(Optional::empty, Optional::empty);
    }
}
