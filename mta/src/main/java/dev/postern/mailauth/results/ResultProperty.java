package dev.postern.mailauth.results;

/// What a result was about, such as `header.d=example.org`.
///
/// @param type where the value is from: `smtp`, `header`, `body`, `policy`, or a later one
/// @param name which it is there
/// @param value at most {@value Written#LONGEST} octets, without control characters
/// @rfc 8601 §2.3
public record ResultProperty(String type, String name, String value) {
    /// Makes the value harmless: control characters become `_`, what is too long is cut.
    ///
    /// @throws IllegalArgumentException if type or name are not keywords
    public ResultProperty {
        Written.requireKeyword(type);
        Written.requireKeyword(name);
        value = Written.clean(value);
    }
}
