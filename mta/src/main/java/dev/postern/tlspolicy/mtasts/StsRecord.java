package dev.postern.tlspolicy.mtasts;

import dev.postern.smtp.Blanks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The record in DNS by which a mail domain announces a policy.
///
/// @param id that of the policy: another one means another policy; 1 to 32 letters and digits
/// @spec https://www.rfc-editor.org/rfc/rfc8461 RFC 8461 §3.1
public record StsRecord(String id) {
    /// The label that holds the record, below the mail domain.
    public static final String LABEL = "_mta-sts";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");
    private static final Pattern VALUE = Pattern.compile("[!-:<>-~]+");
    private static final Pattern BEGINNING = Pattern.compile("v=STSv1[ \t]*;.*", Pattern.DOTALL);
    private static final int LONGEST = 4096;

    /// @throws IllegalArgumentException if it is no identifier
    public StsRecord {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("no identifier of a policy: " + id);
        }
    }

    /// What the texts at one name come to.
    public sealed interface Result {
        /// A policy is announced.
        record Announced(StsRecord record) implements Result {}

        /// None is.
        ///
        /// @param why a few words without anything of the texts in them
        record Silent(String why) implements Result {}
    }

    /// Whether a text means to be such a record, well-formed or not: others at the same name do not count.
    ///
    /// @rfc 8461 §3.1
    public static boolean isMeant(String text) {
        return BEGINNING.matcher(text).matches();
    }

    /// Reads the texts at one name: those that do not begin as such a record are no business of ours, and of the
    /// others there must be one.
    ///
    /// @rfc 8461 §3.1
    public static Result of(List<String> texts) {
        List<String> records = texts.stream().filter(StsRecord::isMeant).toList();
        return switch (records.size()) {
            case 0 -> new Result.Silent("there is no record of MTA-STS");
            case 1 ->
                parse(records.getFirst())
                        .<Result>map(Result.Announced::new)
                        .orElseGet(() -> new Result.Silent("the record of MTA-STS is malformed"));
            default -> new Result.Silent("there are " + records.size() + " records of MTA-STS, where one is meant");
        };
    }

    /// The record that a text is; empty if it is none. Of an `id` that stands there twice the first one counts, and
    /// fields of other names mean nothing.
    ///
    ///     sts-text-record = sts-version 1*(sts-field-delim sts-field) [sts-field-delim]
    ///     sts-version     = %s"v=STSv1"
    ///     sts-field-delim = *WSP ";" *WSP
    ///     sts-field       = sts-id / sts-extension
    ///     sts-id          = %s"id=" 1*32(ALPHA / DIGIT)
    ///     sts-extension   = sts-ext-name "=" sts-ext-value
    ///     sts-ext-name    = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
    ///     sts-ext-value   = 1*(%x21-3A / %x3C / %x3E-7E)
    ///
    /// @rfc 8461 §3.1
    public static Optional<StsRecord> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        String[] fields = text.split(";", -1);
        int count = Blanks.off(fields[fields.length - 1]).isEmpty() ? fields.length - 1 : fields.length;
        if (count < 2 || !Blanks.offEnd(fields[0]).equals("v=STSv1")) {
            return Optional.empty();
        }
        String id = "";
        for (int i = 1; i < count; i++) {
            String field = Blanks.off(fields[i]);
            int equals = field.indexOf('=');
            if (equals < 0
                    || !NAME.matcher(field.substring(0, equals)).matches()
                    || !VALUE.matcher(field.substring(equals + 1)).matches()) {
                return Optional.empty();
            }
            if (field.startsWith("id=") && id.isEmpty()) {
                id = field.substring(equals + 1);
            }
        }
        return Optional.of(id).filter(found -> ID.matcher(found).matches()).map(StsRecord::new);
    }
}
