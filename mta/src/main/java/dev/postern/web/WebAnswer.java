package dev.postern.web;

import dev.postern.wire.PeerCheck;
import java.util.Optional;

/// What came of a request to another server.
public sealed interface WebAnswer {
    /// The server has answered, whatever it says.
    ///
    /// @param status 200 to 599; a redirect is one like any other
    /// @param contentType as the server has sent it
    /// @param body one char an octet, up to the bound of the client
    /// @param whole whether that is all; if not, it was longer, and the rest was not read
    record Answered(int status, Optional<String> contentType, String body, boolean whole) implements WebAnswer {
        private static final int SUCCESS = 2;

        /// Whether the server has done what it was asked for (RFC 9110 §15.3).
        public boolean isSuccess() {
            return status / 100 == SUCCESS;
        }
    }

    /// The server did not prove to be the one that was named, and nothing was said to it.
    record Unproven(PeerCheck.Fault fault, String why) implements WebAnswer {}

    /// It was not reached: its name has no address that may be used, nobody listens, or the connection broke.
    record Unreachable(String why) implements WebAnswer {}

    /// What it sends is no HTTP, or its header is larger than the bound.
    record Garbled(String why) implements WebAnswer {}

    /// It took longer than it may.
    record TooSlow(String why) implements WebAnswer {}

    /// A sentence on how it went, without anything of the body.
    default String words() {
        return switch (this) {
            case Answered answered -> "it answered " + answered.status();
            case Unproven(var fault, String why) -> why;
            case Unreachable(String why) -> why;
            case Garbled(String why) -> why;
            case TooSlow(String why) -> why;
        };
    }
}
