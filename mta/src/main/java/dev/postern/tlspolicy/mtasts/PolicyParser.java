package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Blanks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the file that holds a policy.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8461 RFC 8461 §3.2
public final class PolicyParser {
    /// Octets of the longest file that is read (RFC 8461 §3.3).
    public static final int LONGEST = 64 << 10;

    /// Patterns of hosts in a policy.
    public static final int MOST_HOSTS = 500;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");
    private static final Pattern AGE = Pattern.compile("[0-9]{1,10}");
    private static final Pattern ASCII = Pattern.compile("[!-~]+");
    private static final int DELETE = 0x7F;

    private final List<String> hosts = new ArrayList<>();
    private @Nullable String version;
    private @Nullable String mode;
    private @Nullable String age;

    private PolicyParser() {}

    /// What a file is.
    public sealed interface Result {
        /// A policy.
        record Good(StsPolicy policy) implements Result {}

        /// None.
        ///
        /// @param why a sentence without anything of the file in it
        record Bad(String why) implements Result {}
    }

    /// Reads a file, one char an octet.
    ///
    ///     sts-policy-record     = sts-policy-field *WSP
    ///                             *(sts-policy-term sts-policy-field *WSP)
    ///                             [sts-policy-term]
    ///     sts-policy-field      = sts-policy-version /      ; required once
    ///                             sts-policy-mode    /      ; required once
    ///                             sts-policy-max-age /      ; required once
    ///                             sts-policy-mx      /      ; at least once, unless the mode is "none"
    ///                             sts-policy-extension      ; other fields
    ///     sts-policy-field-delim = ":" *WSP
    ///     sts-policy-term       = LF / CRLF
    ///     sts-policy-version    = %s"version" sts-policy-field-delim %s"STSv1"
    ///     sts-policy-mode       = %s"mode" sts-policy-field-delim
    ///                             (%s"testing" / %s"enforce" / %s"none")
    ///     sts-policy-mx         = %s"mx" sts-policy-field-delim ["*."] Domain
    ///     sts-policy-max-age    = %s"max_age" sts-policy-field-delim 1*10(DIGIT)
    ///     sts-policy-extension  = sts-policy-ext-name sts-policy-field-delim sts-policy-ext-value
    ///     sts-policy-ext-name   = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
    ///
    /// Of fields that stand there twice the first one counts, but for `mx`; those of other names mean nothing.
    ///
    /// Deviates: empty lines, a final dot and `_` in a name are met in the field and do no harm; an age that is
    /// beyond the most of RFC 8461 §3.2 is taken for that, since a policy that is kept is safer than none.
    ///
    /// @rfc 8461 §3.2
    public static Result parse(String file) {
        if (file.length() > LONGEST) {
            return new Result.Bad("it is larger than " + LONGEST + " octets");
        }
        PolicyParser parser = new PolicyParser();
        int number = 0;
        for (String line : file.split("\r?\n", -1)) {
            number++;
            Optional<String> fault = parser.take(line);
            if (fault.isPresent()) {
                return new Result.Bad("line " + number + " " + fault.get());
            }
        }
        return parser.policy();
    }

    /// Takes note of a line; what is wrong with it, if anything.
    private Optional<String> take(String line) {
        if (line.chars().anyMatch(c -> c != '\t' && (c < ' ' || c == DELETE))) {
            return Optional.of("has a control character");
        }
        String text = Blanks.offEnd(line);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.of("is no \"name: value\"");
        }
        String name = text.substring(0, colon);
        String value = Blanks.off(text.substring(colon + 1));
        if (!NAME.matcher(name).matches()) {
            return Optional.of("has no name of a field before its colon");
        }
        if (value.isEmpty()) {
            return Optional.of("has no value behind its colon");
        }
        switch (name) {
            case "version" -> version = version == null ? value : version;
            case "mode" -> mode = mode == null ? value : mode;
            case "max_age" -> age = age == null ? value : age;
            case "mx" -> {
                return host(value);
            }
            default -> {} // RFC 8461 §3.2: unknown fields shall be ignored
        }
        return Optional.empty();
    }

    private Optional<String> host(String value) {
        boolean pattern = value.startsWith("*.");
        Optional<DomainName> name = ASCII.matcher(value).matches()
                ? DomainName.parse(pattern ? value.substring(2) : value)
                : Optional.empty();
        if (name.isEmpty()) {
            return Optional.of("names no host");
        }
        if (hosts.size() == MOST_HOSTS) {
            return Optional.of("is one of more than " + MOST_HOSTS + " hosts");
        }
        hosts.add((pattern ? "*." : "") + name.get().text());
        return Optional.empty();
    }

    private Result policy() {
        if (!"STSv1".equals(version)) {
            return new Result.Bad(version == null ? "it has no version" : "its version is not STSv1");
        }
        if (mode == null) {
            return new Result.Bad("it has no mode");
        }
        Optional<StsPolicy.Mode> known = StsPolicy.Mode.of(mode);
        if (known.isEmpty()) {
            return new Result.Bad("its mode is none of enforce, testing and none");
        }
        if (age == null) {
            return new Result.Bad("it has no max_age");
        }
        if (!AGE.matcher(age).matches()) {
            return new Result.Bad("its max_age is no number of seconds");
        }
        if (hosts.isEmpty() && known.get() != StsPolicy.Mode.NONE) {
            return new Result.Bad("it names no host");
        }
        long seconds = Math.min(Long.parseLong(age), StsPolicy.MOST_SECONDS);
        return new Result.Good(new StsPolicy(known.get(), hosts, Duration.ofSeconds(seconds)));
    }
}
