package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// Policies that are kept, as lines of text. Each has its own check sum, so that a line which was damaged loses one
/// policy and is never taken for another.
public final class KeptText {
    /// Octets of the longest text that is read.
    public static final int LONGEST = 64 << 20;

    private static final String HEADER = "postern-mta-sts 1";
    private static final int FIELDS = 6;
    private static final int CHECK_DIGITS = 8;

    private KeptText() {}

    /// What a text is.
    public sealed interface Result {
        /// Policies.
        ///
        /// @param damaged how many lines are none
        record Good(List<KeptPolicy> policies, int damaged) implements Result {
            public Good {
                policies = List.copyOf(policies);
            }
        }

        /// Something else.
        ///
        /// @param why a sentence without anything of the text in it
        record Bad(String why) implements Result {}
    }

    /// The policies as text.
    public static String of(List<KeptPolicy> policies) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (KeptPolicy policy : policies) {
            String line = line(policy);
            text.append(check(line)).append(' ').append(line).append('\n');
        }
        return text.toString();
    }

    private static String line(KeptPolicy kept) {
        StringBuilder line = new StringBuilder(kept.domain().text())
                .append(' ')
                .append(kept.id().id())
                .append(' ')
                .append(kept.fetched().getEpochSecond())
                .append(' ')
                .append(kept.asked().getEpochSecond())
                .append(' ')
                .append(kept.policy().mode().word())
                .append(' ')
                .append(kept.policy().maxAge().toSeconds());
        kept.policy().hosts().forEach(host -> line.append(' ').append(host));
        return line.toString();
    }

    /// Reads a text.
    ///
    ///     text    = "postern-mta-sts 1" LF *(check SP policy LF)
    ///     check   = 8HEXDIG                   ; CRC-32 of the policy, in lower case
    ///     policy  = domain SP id SP fetched SP asked SP mode SP max-age *(SP host)
    ///     fetched = 1*11DIGIT                 ; seconds since 1970, as asked
    ///     max-age = 1*8DIGIT                  ; seconds
    public static Result parse(byte[] octets) {
        if (octets.length > LONGEST) {
            return new Result.Bad("it is larger than " + LONGEST + " octets");
        }
        String[] lines = new String(octets, StandardCharsets.ISO_8859_1).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            return new Result.Bad("its first line is not \"" + HEADER + "\"");
        }
        List<KeptPolicy> policies = new ArrayList<>();
        int damaged = 0;
        for (int i = 1; i < lines.length; i++) {
            Optional<KeptPolicy> policy = checked(lines[i]);
            policy.ifPresent(policies::add);
            boolean isEnd = i == lines.length - 1 && lines[i].isEmpty();
            damaged += policy.isPresent() || isEnd ? 0 : 1;
        }
        return new Result.Good(policies, damaged);
    }

    private static Optional<KeptPolicy> checked(String line) {
        if (line.length() <= CHECK_DIGITS || line.charAt(CHECK_DIGITS) != ' ') {
            return Optional.empty();
        }
        String rest = line.substring(CHECK_DIGITS + 1);
        return line.startsWith(check(rest)) ? policy(rest.split(" ", -1)) : Optional.empty();
    }

    private static Optional<KeptPolicy> policy(String[] fields) {
        if (fields.length < FIELDS
                || !fields[2].matches("[0-9]{1,11}")
                || !fields[3].matches("[0-9]{1,11}")
                || !fields[5].matches("[0-9]{1,8}")) {
            return Optional.empty();
        }
        Optional<StsPolicy.Mode> mode = StsPolicy.Mode.of(fields[4]);
        List<String> hosts = Arrays.asList(fields).subList(FIELDS, fields.length);
        if (mode.isEmpty() || !hosts.stream().allMatch(KeptText::isPattern)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new KeptPolicy(
                    new DomainName(fields[0]),
                    new StsRecord(fields[1]),
                    new StsPolicy(mode.get(), hosts, Duration.ofSeconds(Long.parseLong(fields[5]))),
                    Instant.ofEpochSecond(Long.parseLong(fields[2])),
                    Instant.ofEpochSecond(Long.parseLong(fields[3]))));
        } catch (IllegalArgumentException | DateTimeException noPolicy) {
            return Optional.empty(); // the exception is how a policy says that there can be none like it
        }
    }

    private static boolean isPattern(String host) {
        String name = host.startsWith("*.") ? host.substring(2) : host;
        return DomainName.parse(name)
                .filter(parsed -> parsed.text().equals(name))
                .isPresent();
    }

    private static String check(String line) {
        CRC32 sum = new CRC32();
        sum.update(line.getBytes(StandardCharsets.ISO_8859_1));
        return String.format("%08x", sum.getValue());
    }
}
