package dev.postern.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads the parameters of MAIL and RCPT.
///
/// ```
/// Mail-parameters = esmtp-param *(SP esmtp-param)
/// esmtp-param     = esmtp-keyword ["=" esmtp-value]
/// esmtp-keyword   = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
/// esmtp-value     = 1*(%d33-60 / %d62-126 / UTF8-non-ascii)
/// ```
///
/// Deviates: more than one space between parameters is read as one, since some clients put two.
///
/// @rfc 5321 §4.1.1.11
final class ParameterReader {
    private static final int MAX_SIZE_DIGITS = 20;
    private static final int MAX_ORIGINAL_RECIPIENT = 500;

    private static final int MAX_SHOWN = 32;

    private final Dialect dialect;

    /// By keyword in upper case; a parameter without a value has the empty one, which no `=` can
    /// give.
    private final Map<String, String> parameters;

    private ParameterReader(Dialect dialect, Map<String, String> parameters) {
        this.dialect = dialect;
        this.parameters = parameters;
    }

    /// @param text what follows the path: nothing, or parameters with a space before each
    static ParameterReader of(String text, Dialect dialect) throws SyntaxFault {
        if (text.isEmpty()) {
            return new ParameterReader(dialect, Map.of());
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        if (text.charAt(0) != ' ') {
            throw fault("A space stands between address and parameters");
        }
        for (String word : text.split(" ", -1)) {
            if (!word.isEmpty()) {
                int equals = word.indexOf('=');
                String keyword = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
                String value = equals < 0 ? "" : word.substring(equals + 1);
                if (!isKeyword(keyword) || (equals >= 0 && value.isEmpty()) || value.indexOf('=') >= 0) {
                    throw fault("A parameter is KEYWORD or KEYWORD=value");
                }
                if (parameters.put(keyword, value) != null) {
                    throw fault("The parameter " + shown(keyword) + " is there twice");
                }
            }
        }
        return new ParameterReader(dialect, parameters);
    }

    /// A keyword as a reply names it: its beginning, where it is longer than any that there is.
    private static String shown(String keyword) {
        return keyword.length() <= MAX_SHOWN ? keyword : keyword.substring(0, MAX_SHOWN) + "...";
    }

    private static boolean isKeyword(String text) {
        if (text.isEmpty() || text.charAt(0) == '-') {
            return false;
        }
        return text.chars().allMatch(c -> c == '-' || Text.isLetterOrDigit((char) c));
    }

    MailParameters mail() throws SyntaxFault {
        OptionalLong size = size(take("SIZE", Extension.SIZE));
        BodyType body = body(take("BODY", Extension.EIGHT_BIT_MIME));
        boolean smtpUtf8 = flag("SMTPUTF8", Extension.SMTPUTF8);
        Optional<RetMode> ret = ret(take("RET", Extension.DSN));
        Optional<String> envelopeId = envelopeId(take("ENVID", Extension.DSN));
        Optional<String> auth = auth(take("AUTH", Extension.AUTH), smtpUtf8);
        Handling handling = handling();
        refuseTheRest();
        return new MailParameters(size, body, smtpUtf8, ret, envelopeId, auth, handling);
    }

    private Handling handling() throws SyntaxFault {
        return new Handling(
                requireTls(),
                HandlingReader.deliverBy(take("BY", Extension.DELIVERBY)),
                HandlingReader.release(
                        take("HOLDFOR", Extension.FUTURERELEASE), take("HOLDUNTIL", Extension.FUTURERELEASE)),
                HandlingReader.priority(take("MT-PRIORITY", Extension.MT_PRIORITY)));
    }

    /// `requiretls-param = "REQUIRETLS"`
    ///
    /// @rfc 8689 §2
    private boolean requireTls() throws SyntaxFault {
        return flag("REQUIRETLS", Extension.REQUIRETLS);
    }

    RcptParameters rcpt() throws SyntaxFault {
        Optional<Notify> notifyOn = notifyOn(take("NOTIFY", Extension.DSN));
        Optional<OriginalRecipient> original = originalRecipient(take("ORCPT", Extension.DSN));
        refuseTheRest();
        return new RcptParameters(notifyOn, original);
    }

    private Optional<String> take(String keyword, Extension extension) {
        return parameters.containsKey(keyword) && dialect.has(extension)
                ? Optional.ofNullable(parameters.remove(keyword))
                : Optional.empty();
    }

    private boolean flag(String keyword, Extension extension) throws SyntaxFault {
        Optional<String> value = take(keyword, extension);
        if (value.isPresent() && !value.get().isEmpty()) {
            throw fault(keyword + " has no value");
        }
        return value.isPresent();
    }

    private void refuseTheRest() throws SyntaxFault {
        if (!parameters.isEmpty()) {
            String keyword = parameters.keySet().iterator().next();
            throw new SyntaxFault(Reply.of(555, "5.5.4", "The parameter " + shown(keyword) + " is not known here"));
        }
    }

    /// `size-value = 1*20DIGIT`; what no long can hold is the largest that one can, which is too
    /// large for everybody.
    ///
    /// @rfc 1870 §3
    private static OptionalLong size(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = value.get();
        if (digits.isEmpty()
                || digits.length() > MAX_SIZE_DIGITS
                || !digits.chars().allMatch(c -> Text.isDigit((char) c))) {
            throw fault("SIZE is a number of octets, at most " + MAX_SIZE_DIGITS + " digits");
        }
        return OptionalLong.of(Decimal.parse(digits).orElse(Long.MAX_VALUE));
    }

    /// `body-value = "7BIT" / "8BITMIME" / "BINARYMIME"`
    ///
    /// @rfc 6152 §3
    private BodyType body(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return BodyType.SEVEN_BIT;
        }
        for (BodyType type : BodyType.values()) {
            if (type.keyword().equalsIgnoreCase(value.get())) {
                if (type == BodyType.BINARY_MIME && !dialect.has(Extension.BINARY_MIME)) {
                    throw new SyntaxFault(Reply.of(555, "5.5.4", "BODY=BINARYMIME is not known here"));
                }
                return type;
            }
        }
        throw fault(
                dialect.has(Extension.BINARY_MIME)
                        ? "BODY is 7BIT, 8BITMIME or BINARYMIME"
                        : "BODY is 7BIT or 8BITMIME");
    }

    /// @rfc 3461 §4.3
    private static Optional<RetMode> ret(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        for (RetMode mode : RetMode.values()) {
            if (mode.name().equalsIgnoreCase(value.get())) {
                return Optional.of(mode);
            }
        }
        throw fault("RET is FULL or HDRS");
    }

    /// @rfc 3461 §4.4
    private static Optional<String> envelopeId(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> id = Xtext.decode(value.get()).filter(MailParameters::isEnvelopeId);
        if (id.isEmpty()) {
            throw fault("ENVID is xtext of 1 to " + MailParameters.MAX_ENVELOPE_ID + " printable characters");
        }
        return id;
    }

    /// `AUTH=<>`, or a mailbox in xtext.
    ///
    /// @rfc 4954 §5
    private static Optional<String> auth(Optional<String> value, boolean smtpUtf8) throws SyntaxFault {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get().equals("<>")) {
            return Optional.of("");
        }
        Optional<String> mailbox = Xtext.decode(value.get())
                .filter(text -> !text.isEmpty() && MailParameters.isAuth(text))
                .filter(text -> smtpUtf8 || Text.isAscii(text));
        if (mailbox.isEmpty()) {
            throw fault("AUTH is <> or a mailbox in xtext");
        }
        return mailbox;
    }

    /// @rfc 3461 §4.1
    private static Optional<Notify> notifyOn(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<Notify> notifyOn = Notify.parse(value.get());
        if (notifyOn.isEmpty()) {
            throw fault("NOTIFY is NEVER, or some of SUCCESS, FAILURE and DELAY with commas between");
        }
        return notifyOn;
    }

    /// `original-recipient-address = addr-type ";" xtext`; for the type `utf-8` the codings of RFC
    /// 6533.
    ///
    /// @rfc 3461 §4.2
    private static Optional<OriginalRecipient> originalRecipient(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(originalRecipient(value.get()));
    }

    private static OriginalRecipient originalRecipient(String value) throws SyntaxFault {
        int semicolon = value.indexOf(';');
        if (semicolon > 0 && Text.octets(value) <= MAX_ORIGINAL_RECIPIENT) {
            String type = value.substring(0, semicolon);
            String coded = value.substring(semicolon + 1);
            boolean international = type.equalsIgnoreCase(OriginalRecipient.UTF_8);
            Optional<OriginalRecipient> read = (international ? Utf8AddrXtext.decode(coded) : Xtext.decode(coded))
                    .filter(address -> international || Text.isAscii(address))
                    .flatMap(address -> OriginalRecipient.of(type, address));
            if (read.isPresent()) {
                return read.get();
            }
        }
        throw fault("ORCPT is a type, a semicolon and an address in xtext");
    }

    private static SyntaxFault fault(String why) {
        return new SyntaxFault(Reply.of(501, "5.5.4", why));
    }
}
