package dev.postern.guard;

import dev.postern.wire.AddressBlock;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Bans as lines of text. It is read whole or not at all: in a file that was cut, `192.0.2.0/24` may have become
/// `192.0.2.0/2`.
public final class BanText {
    /// Octets of the longest text that is read; that of {@value Bans#MOST} bans is shorter.
    public static final int LONGEST = 4 << 20;

    private static final String HEADER = "postern-bans 1";
    private static final String END = "end ";
    private static final int FIELDS = 6;

    private BanText() {}

    /// What a text is.
    public sealed interface Result {
        /// Bans.
        record Good(List<Ban> bans) implements Result {}

        /// Something else.
        ///
        /// @param why a sentence without anything of the text in it
        record Bad(String why) implements Result {}
    }

    /// The bans as text.
    static String of(List<Ban> bans) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Ban ban : bans) {
            text.append(ban.network())
                    .append(' ')
                    .append(ban.since().getEpochSecond())
                    .append(' ')
                    .append(ban.until().getEpochSecond())
                    .append(' ')
                    .append(ban.times())
                    .append(' ')
                    .append(ban.source().label())
                    .append(' ')
                    .append(ban.why())
                    .append('\n');
        }
        return text.append(END).append(bans.size()).append('\n').toString();
    }

    /// Reads a text.
    ///
    ///     text    = "postern-bans 1" LF *(ban LF) "end " count LF
    ///     ban     = network SP since SP until SP times SP source SP why
    ///     since   = 1*11DIGIT                 ; seconds since 1970, as until
    ///     times   = 1*5DIGIT
    ///     source  = "offences" / "neighbours" / "operator"
    ///     why     = 1*100(%x20-7E)
    public static Result parse(byte[] octets) {
        if (octets.length > LONGEST) {
            return new Result.Bad("it is larger than " + LONGEST + " octets");
        }
        String[] lines = new String(octets, StandardCharsets.ISO_8859_1).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            return new Result.Bad("its first line is not \"" + HEADER + "\"");
        }
        int count = lines.length - 3;
        if (count < 0 || !lines[lines.length - 1].isEmpty() || !lines[lines.length - 2].equals(END + count)) {
            return new Result.Bad("its last line does not tell how many bans stand above it");
        }
        if (count > Bans.MOST) {
            return new Result.Bad("it holds more than " + Bans.MOST + " bans");
        }
        List<Ban> bans = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            Optional<Ban> ban = ban(lines[i]);
            if (ban.isEmpty()) {
                return new Result.Bad("line " + (i + 1) + " is no ban");
            }
            bans.add(ban.get());
        }
        return new Result.Good(bans);
    }

    private static Optional<Ban> ban(String line) {
        String[] fields = line.split(" ", FIELDS);
        if (fields.length < FIELDS
                || !fields[1].matches("[0-9]{1,11}")
                || !fields[2].matches("[0-9]{1,11}")
                || !fields[3].matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        Optional<AddressBlock> network = AddressBlock.parse(fields[0]);
        Optional<Ban.Source> source = source(fields[4]);
        if (network.isEmpty() || source.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Ban(
                    network.get(),
                    Instant.ofEpochSecond(Long.parseLong(fields[1])),
                    Instant.ofEpochSecond(Long.parseLong(fields[2])),
                    Integer.parseInt(fields[3]),
                    source.get(),
                    fields[5]));
        } catch (IllegalArgumentException | DateTimeException noBan) {
            return Optional.empty(); // the exception is how a ban says that there can be none like it
        }
    }

    private static Optional<Ban.Source> source(String label) {
        for (Ban.Source source : Ban.Source.values()) {
            if (source.label().equals(label)) {
                return Optional.of(source);
            }
        }
        return Optional.empty();
    }
}
