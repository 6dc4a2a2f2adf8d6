package dev.postern.dns;

/// What the primary name server of a zone said to a {@link ZoneUpdate}.
///
/// @rfc 2136 §2.2
public sealed interface UpdateAnswer {
    /// The changes are made.
    record Done() implements UpdateAnswer {}

    /// A condition does not hold: nothing was changed.
    ///
    /// @param why which kind of condition, for a human
    record Unmet(String why) implements UpdateAnswer {}

    /// The server will not do it, and nothing was changed: it is not allowed, not its zone, or it cannot.
    ///
    /// @param code the response code's name, such as `REFUSED` or `NOTAUTH`
    /// @param why what that means, for a human
    record Refused(String code, String why) implements UpdateAnswer {}

    /// The signature of one side was not accepted by the other (RFC 8945 §5): another key, another clock. If it is
    /// the answer's, the changes may have been made.
    ///
    /// @param why for a human
    record BadSignature(String why) implements UpdateAnswer {}

    /// No answer that can be read came in time: whether the changes were made is not known.
    ///
    /// @param why for a human
    record Failed(String why) implements UpdateAnswer {}

    /// A few words for a human.
    default String words() {
        return switch (this) {
            case Done() -> "done";
            case Unmet(String why) -> why;
            case Refused(String code, String why) -> code + ": " + why;
            case BadSignature(String why) -> why;
            case Failed(String why) -> why;
        };
    }
}
