package dev.postern.mailauth.results;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one method of authentication came to, such as `spf=pass smtp.mailfrom=a@example.org`.
///
/// @param method a keyword such as `spf`, `dkim`, `dmarc`, `arc`, `iprev`, `auth`
/// @param result a keyword such as `pass`
/// @param reason why, at most {@value Written#LONGEST} octets, without control characters
/// @param properties what it was about
/// @rfc 8601 §2.2
public record MethodResult(String method, String result, Optional<String> reason, List<ResultProperty> properties) {
    /// Makes the reason harmless: control characters become `_`, what is too long is cut.
    ///
    /// @throws IllegalArgumentException if method or result are not keywords
    public MethodResult {
        Written.requireKeyword(method);
        Written.requireKeyword(result);
        reason = reason.map(Written::clean);
        properties = List.copyOf(properties);
    }

    /// A result without reason and properties.
    public static MethodResult of(String method, String result) {
        return new MethodResult(method, result, Optional.empty(), List.of());
    }

    /// The same with a reason, which may come from outside.
    public MethodResult because(String why) {
        return new MethodResult(method, result, Optional.of(why), properties);
    }

    /// The same with one more property.
    ///
    /// @param type where the value is from: `smtp`, `header`, `body`, `policy`
    /// @param name which it is there, such as `mailfrom` or `d`
    /// @param value the value, which may come from outside
    public MethodResult with(String type, String name, String value) {
        ResultProperty property = new ResultProperty(type, name, value);
        return new MethodResult(
                method,
                result,
                reason,
                Stream.concat(properties.stream(), Stream.of(property)).toList());
    }
}
