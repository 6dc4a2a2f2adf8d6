package dev.postern.smtp;

import dev.postern.dns.DomainName;
import dev.postern.wire.Line;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads commands: one line, one command, and one reply to it where it is none.
///
/// White space at the end of a line is dropped (RFC 5321 §4.1.1). Beyond that only what the grammar
/// has is a command, with two departures that clients in the field need, at {@link #mail} and
/// {@link ParameterReader}.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §4.1.1
public final class CommandParser {
    /// Octets to read of a command line, CRLF not counted: AUTH may have 12288 with it (RFC 4954
    /// §4).
    public static final int MAX_LINE = 12_288 - 2;

    /// Octets of a command line without parameters, CRLF included (RFC 5321 §4.5.3.1.4).
    private static final int MAX_PLAIN = 512;

    /// Octets of MAIL and RCPT with all that their extensions add to 512: SIZE 26 (RFC 1870 §3),
    /// BODY 17 (RFC 6152 §2), SMTPUTF8 and longer addresses 470 (RFC 6531 §3.1), AUTH 500 (RFC 4954
    /// §3), and the parameters of DSN.
    private static final int MAX_EXTENDED = 2048;

    private static final int MAX_AUTH = MAX_LINE + 2;
    private static final int MAX_CLIENT_NAME = 255;
    private static final int MAX_UNKNOWN_VERB = 32;

    private static final Pattern MECHANISM = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

    /// What a laxer reader than this one takes for BDAT, so that nobody knows whether octets follow.
    private static final Pattern DISGUISED_BDAT = Pattern.compile("[^!-~]*+BDAT(?![A-Za-z])", Pattern.CASE_INSENSITIVE);

    private static final Set<String> BOTH = Set.of(
            "MAIL",
            "RCPT",
            "DATA",
            "BDAT",
            "RSET",
            "VRFY",
            "EXPN",
            "HELP",
            "NOOP",
            "QUIT",
            "STARTTLS",
            "AUTH",
            "XCLIENT",
            "XFORWARD");
    private static final Map<Dialect.Protocol, Set<String>> ITS_OWN =
            Map.of(Dialect.Protocol.SMTP, Set.of("HELO", "EHLO", "ETRN"), Dialect.Protocol.LMTP, Set.of("LHLO"));

    private final String verb;
    private final String arguments;
    private final Dialect dialect;

    /// @param arguments what follows the verb, a space first; empty if nothing does
    private CommandParser(String verb, String arguments, Dialect dialect) {
        this.verb = verb;
        this.arguments = arguments;
        this.dialect = dialect;
    }

    /// The command that a line is.
    public static Command parse(Line line, Dialect dialect) {
        String latin1 = line.latin1();
        String verb = verbOf(latin1);
        if (!verb.equals("BDAT") && DISGUISED_BDAT.matcher(latin1).lookingAt()) {
            return new Command.UnreadableBdat(Reply.of(500, "5.5.2", "BDAT with octets around it that no command has"));
        }
        Optional<Reply> unfit = unfit(line, verb);
        if (unfit.isPresent()) {
            return line.ending() == Line.Ending.TOO_LONG && verb.equals("BDAT")
                    ? cutBdat(latin1.substring(verb.length()), unfit.get())
                    : malformed(verb, latin1, unfit.get());
        }
        if (!isKnown(verb, dialect)) {
            return new Command.Unrecognised(firstWord(latin1));
        }
        Optional<String> text = Text.utf8(line.octets());
        if (text.isEmpty()) {
            return malformed(verb, latin1, Reply.of(501, "5.5.2", "The line is not UTF-8"));
        }
        String trimmed = Blanks.offEnd(text.get());
        if (Text.hasControl(trimmed)) {
            return malformed(verb, latin1, Reply.of(500, "5.5.2", "A control character in the line"));
        }
        try {
            return new CommandParser(verb, trimmed.substring(verb.length()), dialect).command();
        } catch (SyntaxFault fault) {
            return malformed(verb, latin1, fault.reply());
        }
    }

    /// What is wrong with a line before anybody looks at its words.
    private static Optional<Reply> unfit(Line line, String verb) {
        return switch (line.ending()) {
            case BARE_LF -> Optional.of(Reply.of(500, "5.5.2", "A line ends with CR LF, this one with LF alone"));
            case CONTROL -> Optional.of(Reply.of(500, "5.5.2", "A CR alone or a NUL in the line"));
            case TOO_LONG -> Optional.of(tooLong(verb));
            case CRLF -> line.octets().length + 2 > limitOf(verb) ? Optional.of(tooLong(verb)) : Optional.empty();
        };
    }

    private static Reply tooLong(String verb) {
        String status = verb.equals("AUTH") ? "5.5.6" : "5.5.2";
        return Reply.of(500, status, "Line too long, at most " + limitOf(verb) + " octets");
    }

    private static int limitOf(String verb) {
        return switch (verb) {
            case "AUTH" -> MAX_AUTH;
            case "MAIL", "RCPT", "VRFY", "EXPN" -> MAX_EXTENDED;
            default -> MAX_PLAIN;
        };
    }

    private static boolean isKnown(String verb, Dialect dialect) {
        return BOTH.contains(verb)
                || ITS_OWN.getOrDefault(dialect.protocol(), Set.of()).contains(verb);
    }

    /// The letters at the start of a line in upper case, if a space or nothing follows them; else
    /// nothing.
    private static String verbOf(String line) {
        int end = 0;
        while (end < line.length() && Character.isLetter(line.charAt(end)) && line.charAt(end) < 0x80) {
            end++;
        }
        boolean whole = end == line.length() || line.charAt(end) == ' ' || line.charAt(end) == '\t';
        return whole ? line.substring(0, end).toUpperCase(Locale.ROOT) : "";
    }

    /// The first word of a line in upper case, printable ASCII, cut after 32 characters.
    public static String firstWord(String line) {
        int end = line.indexOf(' ');
        String word = line.substring(0, Math.min(end < 0 ? line.length() : end, MAX_UNKNOWN_VERB));
        return word.replaceAll("[^!-~]", "?").toUpperCase(Locale.ROOT);
    }

    private static int leadingSpaces(String text) {
        int count = 0;
        while (count < text.length() && text.charAt(count) == ' ') {
            count++;
        }
        return count;
    }

    /// A malformed command; of a BDAT it matters whether the octets that follow can be told.
    ///
    /// @param line the line as ISO 8859-1, so that the size of a BDAT is found whatever else stands
    ///     there
    private static Command malformed(String verb, String line, Reply reply) {
        return verb.equals("BDAT")
                ? malformedBdat(line.substring(verb.length()), reply)
                : new Command.Malformed(verb, reply);
    }

    private Command command() throws SyntaxFault {
        return switch (verb) {
            case "HELO" -> new Command.Helo(clientName());
            case "EHLO" -> new Command.Ehlo(clientName());
            case "LHLO" -> new Command.Lhlo(clientName());
            case "MAIL" -> mail();
            case "RCPT" -> rcpt();
            case "DATA" -> bare(new Command.Data());
            case "BDAT" -> bdat();
            case "RSET" -> bare(new Command.Rset());
            case "VRFY" -> new Command.Vrfy(lookedUp());
            case "EXPN" -> new Command.Expn(lookedUp());
            case "HELP" -> new Command.Help(argument());
            case "NOOP" -> new Command.Noop();
            case "QUIT" -> bare(new Command.Quit());
            case "STARTTLS" -> bare(new Command.StartTls());
            case "AUTH" -> auth();
            case "ETRN" -> etrn();
            case "XCLIENT" ->
                new Command.XClient(ClientAttributeReader.read(argument(), ClientAttributeReader.XCLIENT));
            case "XFORWARD" ->
                new Command.XForward(ClientAttributeReader.read(argument(), ClientAttributeReader.XFORWARD));
            default -> throw new IllegalStateException("a known verb without a rule: " + verb);
        };
    }

    private Command bare(Command command) throws SyntaxFault {
        if (!arguments.isEmpty()) {
            throw argumentFault(verb + " has no arguments");
        }
        return command;
    }

    /// `ehlo = "EHLO" SP ( Domain / address-literal ) CRLF`
    ///
    /// Deviates: any printable ASCII without a space is a name here; whether it is a good one is a
    /// matter of policy, since many clients give names that are none.
    ///
    /// @rfc 5321 §4.1.1.1
    private String clientName() throws SyntaxFault {
        String name = argument();
        if (name.isEmpty()) {
            throw argumentFault("Syntax: " + verb + " hostname");
        }
        if (name.length() > MAX_CLIENT_NAME || !name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw argumentFault("A host name is up to " + MAX_CLIENT_NAME + " characters of ASCII without a space");
        }
        return name;
    }

    /// `mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF`
    ///
    /// Deviates: spaces behind the colon are read over, as in RCPT, since several old clients send
    /// one.
    ///
    /// @rfc 5321 §4.1.1.2
    private Command mail() throws SyntaxFault {
        PathReader reader = new PathReader(arguments, pathStart(" FROM:"), "5.1.7");
        int start = reader.position();
        ReversePath path = reader.reversePath();
        int end = reader.position();
        MailParameters parameters =
                ParameterReader.of(arguments.substring(end), dialect).mail();
        refuseUtf8(arguments.substring(start, end), parameters.smtpUtf8());
        refuseUtf8InParameters(arguments.substring(end), parameters.smtpUtf8());
        return new Command.Mail(path, parameters);
    }

    /// `rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP
    /// Rcpt-parameters] CRLF`
    ///
    /// @rfc 5321 §4.1.1.3
    private Command rcpt() throws SyntaxFault {
        PathReader reader = new PathReader(arguments, pathStart(" TO:"), "5.1.3");
        int start = reader.position();
        ForwardPath path = reader.forwardPath();
        int end = reader.position();
        RcptParameters parameters =
                ParameterReader.of(arguments.substring(end), dialect).rcpt();
        refuseUtf8(arguments.substring(start, end), dialect.international());
        refuseUtf8InParameters(arguments.substring(end), dialect.international());
        return new Command.Rcpt(new Recipient(path, parameters));
    }

    /// The index of the angle bracket behind a keyword.
    private int pathStart(String keyword) throws SyntaxFault {
        int at = leadingSpaces(arguments) - 1;
        if (!arguments.regionMatches(true, at, keyword, 0, keyword.length())) {
            throw argumentFault("Syntax: " + verb + keyword + "<address> [parameters]");
        }
        at += keyword.length();
        at += leadingSpaces(arguments.substring(at));
        if (!arguments.startsWith("<", at)) {
            throw argumentFault("Syntax: " + verb + keyword + "<address> [parameters]");
        }
        return at;
    }

    /// @rfc 6531 §3.5
    private static void refuseUtf8(String path, boolean allowed) throws SyntaxFault {
        if (!allowed && !Text.isAscii(path)) {
            throw new SyntaxFault(Reply.of(553, "5.6.7", "An address beyond ASCII needs SMTPUTF8 with MAIL"));
        }
    }

    private static void refuseUtf8InParameters(String parameters, boolean allowed) throws SyntaxFault {
        if (!allowed && !Text.isAscii(parameters)) {
            throw new SyntaxFault(Reply.of(501, "5.6.7", "A parameter beyond ASCII needs SMTPUTF8 with MAIL"));
        }
    }

    /// ```
    /// bdat-cmd   = "BDAT" SP chunk-size [ SP end-marker ] CRLF
    /// chunk-size = 1*DIGIT
    /// end-marker = "LAST"
    /// ```
    ///
    /// @rfc 3030 §2
    private Command bdat() {
        String[] words = argument().split(" +", -1);
        OptionalLong size = Decimal.parse(words[0]);
        boolean last = words.length == 2 && words[1].equalsIgnoreCase("LAST");
        if (size.isEmpty() || (words.length > 1 && !last)) {
            return malformedBdat(arguments, Reply.of(501, "5.5.4", "Syntax: BDAT size [LAST]"));
        }
        return new Command.Bdat(size.getAsLong(), last);
    }

    /// A BDAT whose line was too long, of which there is only the beginning: a size at its very end may have been cut.
    private static Command cutBdat(String arguments, Reply reply) {
        return arguments.stripLeading().indexOf(' ') < 0
                ? new Command.UnreadableBdat(reply)
                : malformedBdat(arguments, reply);
    }

    /// What a BDAT that is refused says of the octets behind it: their number where its first word
    /// is one, with a plus sign even; none where there is no word; else nobody can tell.
    private static Command malformedBdat(String arguments, Reply reply) {
        String words = Blanks.offEnd(arguments.substring(leadingSpaces(arguments)));
        if (words.isEmpty()) {
            return new Command.Malformed("BDAT", reply);
        }
        int space = words.indexOf(' ');
        String first = space < 0 ? words : words.substring(0, space);
        OptionalLong size = Decimal.parse(first.startsWith("+") ? first.substring(1) : first);
        return size.isPresent()
                ? new Command.MalformedBdat(size.getAsLong(), reply)
                : new Command.UnreadableBdat(reply);
    }

    /// `vrfy = "VRFY" SP String [SP "SMTPUTF8"] CRLF`; without SMTPUTF8 the text is ASCII (RFC 6531
    /// §3.7.4.2).
    ///
    /// @rfc 5321 §4.1.1.6
    private String lookedUp() throws SyntaxFault {
        String text = argument();
        boolean utf8 = false;
        if (dialect.has(Extension.SMTPUTF8) && text.toUpperCase(Locale.ROOT).endsWith(" SMTPUTF8")) {
            text = Blanks.offEnd(text.substring(0, text.length() - " SMTPUTF8".length()));
            utf8 = true;
        }
        if (text.isEmpty()) {
            throw argumentFault("Syntax: " + verb + " address");
        }
        refuseUtf8(text, utf8);
        return text;
    }

    /// `auth = "AUTH" SP sasl-mech [SP initial-response] CRLF`, `initial-response = base64 / "="`
    ///
    /// @rfc 4954 §4
    private Command auth() throws SyntaxFault {
        String[] words = argument().split(" ", -1);
        if (words.length > 2 || !MECHANISM.matcher(words[0]).matches()) {
            throw argumentFault("Syntax: AUTH mechanism [initial-response]");
        }
        String mechanism = words[0].toUpperCase(Locale.ROOT);
        if (words.length == 1) {
            return new Command.Auth(mechanism, Optional.empty());
        }
        if (!words[1].equals("=")
                && (words[1].isEmpty() || !BASE64.matcher(words[1]).matches())) {
            throw new SyntaxFault(Reply.of(501, "5.5.2", "The initial response is not base64"));
        }
        return new Command.Auth(mechanism, Optional.of(words[1]));
    }

    /// `etrn = "ETRN" SP [ "@" / "#" ] node CRLF`
    ///
    /// Deviates: the forms for all domains below one (`@`) and for a queue by its name (`#`) are refused.
    ///
    /// @rfc 1985 §5.1
    private Command etrn() throws SyntaxFault {
        String node = argument();
        if (node.startsWith("@") || node.startsWith("#")) {
            throw new SyntaxFault(Reply.of(501, "5.5.4", "Only the mail of one domain is started, by its plain name"));
        }
        return new Command.Etrn(DomainName.parse(node)
                .filter(DomainName::isHostName)
                .orElseThrow(() -> argumentFault("Syntax: ETRN domain")));
    }

    /// What follows the verb and one or more spaces.
    private String argument() {
        return arguments.substring(leadingSpaces(arguments));
    }

    private static SyntaxFault argumentFault(String why) {
        return new SyntaxFault(Reply.of(501, "5.5.4", why));
    }
}
