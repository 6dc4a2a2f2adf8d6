package dev.postern.smtp;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the attributes of XCLIENT and XFORWARD: decoded once, checked afterwards.
///
/// ```
/// arguments = 1*( SP attribute "=" value )
/// value     = xtext / "[UNAVAILABLE]" / "[TEMPUNAVAIL]"
/// ```
///
/// @spec https://www.postfix.org/XCLIENT_README.html XCLIENT
/// @spec https://www.postfix.org/XFORWARD_README.html XFORWARD
final class ClientAttributeReader {
    /// Those of XCLIENT.
    static final Set<ClientAttribute> XCLIENT = Set.copyOf(EnumSet.of(
            ClientAttribute.NAME,
            ClientAttribute.ADDR,
            ClientAttribute.PORT,
            ClientAttribute.PROTO,
            ClientAttribute.HELO,
            ClientAttribute.LOGIN,
            ClientAttribute.DESTADDR,
            ClientAttribute.DESTPORT));

    /// Those of XFORWARD.
    static final Set<ClientAttribute> XFORWARD = Set.copyOf(EnumSet.of(
            ClientAttribute.NAME,
            ClientAttribute.ADDR,
            ClientAttribute.PORT,
            ClientAttribute.PROTO,
            ClientAttribute.HELO,
            ClientAttribute.IDENT,
            ClientAttribute.SOURCE));

    private static final Set<String> UNKNOWN = Set.of("[UNAVAILABLE]", "[TEMPUNAVAIL]");

    private ClientAttributeReader() {}

    /// The attributes behind a verb.
    ///
    /// @param known those that the verb has
    static ClientAttributes read(String arguments, Set<ClientAttribute> known) throws SyntaxFault {
        if (arguments.isEmpty()) {
            throw new SyntaxFault(Reply.of(501, "5.5.4", "An attribute and its value are missing"));
        }
        Map<ClientAttribute, Optional<String>> values = new EnumMap<>(ClientAttribute.class);
        for (String word : arguments.split(" +", -1)) {
            int equals = word.indexOf('=');
            ClientAttribute attribute = ClientAttribute.parse(word.substring(0, Math.max(equals, 0)))
                    .filter(known::contains)
                    .orElseThrow(() -> new SyntaxFault(Reply.of(501, "5.5.4", "An attribute that is not known here")));
            String coded = word.substring(equals + 1);
            Optional<String> value = UNKNOWN.contains(coded.toUpperCase(Locale.ROOT))
                    ? Optional.empty()
                    : Optional.of(value(attribute, coded));
            if (values.put(attribute, value) != null) {
                throw new SyntaxFault(Reply.of(501, "5.5.4", "An attribute that stands twice"));
            }
        }
        return new ClientAttributes(values);
    }

    private static String value(ClientAttribute attribute, String coded) throws SyntaxFault {
        return Xtext.decode(coded)
                .filter(attribute::admits)
                .orElseThrow(() -> new SyntaxFault(Reply.of(501, "5.5.4", "Not a value of " + attribute)));
    }
}
