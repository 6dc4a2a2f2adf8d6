package dev.postern.mailauth.dmarc;

import dev.postern.smtp.Blanks;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a DMARC policy record.
///
/// ```
/// dmarc-record  = dmarc-version *(dmarc-sep dmarc-tag) [dmarc-sep]
/// dmarc-version = "v" equals %s"DMARC1"
/// dmarc-sep     = *WSP ";" *WSP
/// dmarc-tag     = 1*ALPHA equals 1*dmarc-value
/// equals        = *WSP "=" *WSP
/// dmarc-value   = %x20-3A / %x3C-7E
/// dmarc-urilist = (dmarc-uri / obs-dmarc-uri) *(*WSP "," *WSP (dmarc-uri / obs-dmarc-uri))
/// obs-dmarc-uri = dmarc-uri "!" 1*DIGIT [ "k" / "m" / "g" / "t" ]
/// dmarc-fo      = list, with ":", of at most one of "0" and "1", and of "d" and "s", each once
/// ```
///
/// The names of tags may be in upper case, as ABNF has it for `v`. A tag that stands there twice
/// has no valid value.
///
/// @rfc 9989 §4.8
final class DmarcRecordReader {
    /// How many addresses for reports are kept of each kind.
    static final int MOST_URIS = 20;

    private static final int LONGEST_URI = 1024;
    private static final String VERSION = "DMARC1";
    private static final Pattern SIZE = Pattern.compile("!(\\d{1,20}[kmgt]?)$", Pattern.CASE_INSENSITIVE);

    /// What stands in place of a value that is wrong.
    private static final String WRONG = "";

    private final Map<String, String> tags = new HashMap<>();

    DmarcRecordReader(String text) {
        int begin = end(text, 0) + 1;
        while (begin < text.length()) {
            int end = end(text, begin);
            addTag(text.substring(begin, end));
            begin = end + 1;
        }
    }

    private static int end(String text, int begin) {
        int semicolon = text.indexOf(';', begin);
        return semicolon < 0 ? text.length() : semicolon;
    }

    /// Whether a text begins with the version of DMARC, as a tag of its own.
    static boolean isRecord(String text) {
        int equals = text.indexOf('=');
        return (text.startsWith("v") || text.startsWith("V"))
                && equals > 0
                && Blanks.off(text.substring(1, equals)).isEmpty()
                && Blanks.off(text.substring(equals + 1, Math.max(equals + 1, end(text, 0))))
                        .equals(VERSION);
    }

    private void addTag(String spec) {
        int equals = spec.indexOf('=');
        if (equals < 0) {
            return; // a syntax error, to be ignored
        }
        String name = Blanks.off(spec.substring(0, equals)).toLowerCase(Locale.ROOT);
        String value = Blanks.off(spec.substring(equals + 1));
        boolean twice = tags.containsKey(name);
        tags.put(name, twice || !isPrintable(value) ? WRONG : value);
    }

    private static boolean isPrintable(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    DmarcRecord record() {
        List<ReportUri> aggregate = uris("rua");
        return new DmarcRecord(
                policies(!aggregate.isEmpty()),
                new DmarcRecord.Alignments(alignment("adkim"), alignment("aspf")),
                publicSuffix(),
                is("t", "y"),
                reporting(aggregate));
    }

    private Optional<DmarcRecord.Policies> policies(boolean reports) {
        Optional<DmarcPolicy> domain = policy("p");
        Optional<DmarcPolicy> subdomains = policy("sp");
        Optional<DmarcPolicy> missing = policy("np");
        if (isWrong("p", domain) || isWrong("sp", subdomains) || isWrong("np", missing)) {
            return reports ? Optional.of(DmarcRecord.Policies.NONE) : Optional.empty();
        }
        return Optional.of(new DmarcRecord.Policies(domain.orElse(DmarcPolicy.NONE), subdomains, missing));
    }

    private boolean isWrong(String tag, Optional<DmarcPolicy> value) {
        return tags.containsKey(tag) && value.isEmpty();
    }

    private Optional<DmarcPolicy> policy(String tag) {
        for (DmarcPolicy policy : DmarcPolicy.values()) {
            if (is(tag, policy.toString())) {
                return Optional.of(policy);
            }
        }
        return Optional.empty();
    }

    private Alignment alignment(String tag) {
        return is(tag, Alignment.STRICT.toString()) ? Alignment.STRICT : Alignment.RELAXED;
    }

    private PublicSuffix publicSuffix() {
        for (PublicSuffix value : PublicSuffix.values()) {
            if (is("psd", value.toString())) {
                return value;
            }
        }
        return PublicSuffix.UNSAID;
    }

    private boolean is(String tag, String value) {
        return value.equalsIgnoreCase(tags.get(tag));
    }

    /// Without anywhere to send reports, the options for them are ignored.
    private DmarcRecord.Reporting reporting(List<ReportUri> aggregate) {
        List<ReportUri> failure = uris("ruf");
        return new DmarcRecord.Reporting(
                aggregate, failure, failure.isEmpty() ? Set.of(FailureOption.ALL_FAIL) : options());
    }

    private Set<FailureOption> options() {
        Set<FailureOption> options = EnumSet.noneOf(FailureOption.class);
        for (String letter :
                tags.getOrDefault("fo", FailureOption.ALL_FAIL.toString()).split(":", -1)) {
            Optional<FailureOption> option = option(Blanks.off(letter));
            if (option.isEmpty() || !options.add(option.get())) {
                return Set.of(FailureOption.ALL_FAIL);
            }
        }
        boolean both = options.contains(FailureOption.ALL_FAIL) && options.contains(FailureOption.ANY_FAILS);
        return both ? Set.of(FailureOption.ALL_FAIL) : options;
    }

    private static Optional<FailureOption> option(String letter) {
        for (FailureOption option : FailureOption.values()) {
            if (option.toString().equalsIgnoreCase(letter)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    private List<ReportUri> uris(String tag) {
        List<ReportUri> uris = new ArrayList<>();
        for (String text : tags.getOrDefault(tag, "").split(",", -1)) {
            if (uris.size() < MOST_URIS) {
                uri(Blanks.off(text)).ifPresent(uris::add);
            }
        }
        return uris;
    }

    /// The place that a text names.
    private static Optional<ReportUri> uri(String text) {
        Matcher size = SIZE.matcher(text);
        boolean limited = text.length() <= LONGEST_URI && size.find();
        String address = limited ? text.substring(0, size.start()) : text;
        if (address.length() > LONGEST_URI || address.indexOf('!') >= 0) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(address);
            if (!uri.isAbsolute()) {
                return Optional.empty();
            }
            ReportUri place = new ReportUri(uri, limited ? ReportUri.limit(size.group(1)) : OptionalLong.empty());
            boolean good = !"mailto".equalsIgnoreCase(uri.getScheme())
                    || place.mailbox().isPresent();
            return good ? Optional.of(place) : Optional.empty();
        } catch (URISyntaxException notUri) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }
}
