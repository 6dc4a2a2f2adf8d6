package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.ZoneResolver;
import dev.postern.message.BodySink;
import dev.postern.message.MessageReader;
import dev.postern.message.MessageStamp;
import dev.postern.tls.TlsProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Messages and zones of tests, as texts of one char an octet.
public final class Postbag {
    /// The time that it is in the tests, if nothing else is said: 2026-11-24.
    public static final Instant NOW = Instant.ofEpochSecond(1_795_500_000L);

    private static final int LONGEST_HEADER = 16_000_000;
    private static final int PIECE = 200;

    private Postbag() {}

    /// A text block as a message: its lines end with CRLF.
    public static String crLf(String text) {
        return text.replace("\n", "\r\n");
    }

    public static MessageReader read(String message) {
        try {
            return MessageReader.read(
                    new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)), LONGEST_HEADER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void feed(MessageReader message, BodySink sink) {
        try {
            BodySink.feed(message.body(), List.of(sink));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A line of a master file with a TXT record.
    public static String txt(String name, String record) {
        StringBuilder line = new StringBuilder(name).append(". TXT");
        for (int i = 0; i < record.length(); i += PIECE) {
            line.append(" \"")
                    .append(record, i, Math.min(record.length(), i + PIECE))
                    .append('"');
        }
        return line.append(record.isEmpty() ? " \"\"\n" : "\n").toString();
    }

    /// What becomes of the signatures, of which every provider thinks the same.
    public static DkimResults verify(String message, String zone) {
        DkimResults results = verify(message, zone, NOW);
        assertThat(verify(message, zone, NOW, TlsProvider.best().provider())).isEqualTo(results);
        return results;
    }

    public static DkimResults verify(String message, String zone, Instant now) {
        return verify(message, zone, now, Optional.empty());
    }

    private static DkimResults verify(String message, String zone, Instant now, Optional<Provider> provider) {
        DkimVerifier verifier =
                new DkimVerifier(ZoneResolver.of(zone), DkimSettings.usual(), InstantSource.fixed(now), provider);
        MessageReader reader = read(message);
        DkimVerification verification = verifier.begin(reader.header());
        feed(reader, verification);
        return verification.finish();
    }

    /// The fields that a stamp makes for a message.
    public static String stamp(MessageStamp stamp, String message) {
        MessageReader reader = read(message);
        MessageStamp.Stamping stamping = stamp.begin(reader.header());
        feed(reader, stamping);
        return stamping.finish(NOW);
    }
}
