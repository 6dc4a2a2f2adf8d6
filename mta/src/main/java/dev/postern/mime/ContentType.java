package dev.postern.mime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a content is: `text/plain; charset=utf-8`.
///
/// @param type such as `text`, in lower case
/// @param subtype such as `plain`, in lower case
/// @param parameters their values by their names in lower case
/// @rfc 2045 §5
public record ContentType(String type, String subtype, Map<String, String> parameters) {
    /// What a content is of which nothing is said (RFC 2045 §5.2).
    public static final ContentType DEFAULT = new ContentType("text", "plain", Map.of("charset", "us-ascii"));

    /// What a part of a digest is of which nothing is said (RFC 2046 §5.1.5).
    static final ContentType MESSAGE = new ContentType("message", "rfc822", Map.of());

    public ContentType {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /// The type that the body of a Content-Type field names; empty if it is malformed.
    ///
    /// ```
    /// content = "Content-Type" ":" type "/" subtype *(";" parameter)
    /// ```
    public static Optional<ContentType> parse(String body) {
        ParameterReader reader = new ParameterReader(body);
        String value = reader.value().toLowerCase(Locale.ROOT);
        int slash = value.indexOf('/');
        String type = slash < 0 ? "" : value.substring(0, slash).strip();
        String subtype = value.substring(slash + 1).strip();
        return isToken(type) && isToken(subtype)
                ? Optional.of(new ContentType(type, subtype, reader.parameters()))
                : Optional.empty();
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0);
    }

    /// Whether it is the type of that name, such as `message/rfc822`, in lower case.
    public boolean is(String name) {
        return name.equals(type + "/" + subtype);
    }

    /// Whether there are parts in it.
    public boolean isMultipart() {
        return type.equals("multipart");
    }

    /// The value of a parameter.
    ///
    /// @param name in lower case
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /// The type and the subtype, without parameters.
    @Override
    public String toString() {
        return type + "/" + subtype;
    }
}
