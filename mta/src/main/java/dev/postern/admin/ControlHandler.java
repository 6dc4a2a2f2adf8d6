package dev.postern.admin;

import java.io.IOException;
import java.util.function.Consumer;

/// Carries out commands of the administrator.
@FunctionalInterface
public interface ControlHandler {
    /// Carries out one command; what it finds goes to the answer, an object that becomes a line of
    /// JSON at a time.
    ///
    /// @throws IllegalArgumentException with a sentence for the administrator, if the command or an
    ///     argument is unknown
    /// @throws IOException with a sentence for the administrator, if it cannot be done now
    void handle(ControlRequest request, Consumer<Object> answer) throws IOException;
}
