package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.smtp.Command;
import dev.postern.smtp.CommandParser;
import dev.postern.smtp.Dialect;
import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Nothing that begins a session of SMTP is taken for another protocol, and nothing is worse than not recognised.
class OtherProtocolFuzzTest {
    private static final int LONGEST = 2048;

    @FuzzTest
    void commandsAreOurs(byte[] octets) {
        if (octets.length == 0 || octets.length > LONGEST) {
            return;
        }
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        Optional<OtherProtocol> line = OtherProtocol.ofLine(text);
        line.ifPresent(other -> assertThat(other.label()).matches("[a-z-]+"));
        Command command =
                CommandParser.parse(new Line(octets, Line.Ending.CRLF), Dialect.of(Dialect.Protocol.SMTP, Set.of()));
        boolean wrong = command instanceof Command.Malformed || command instanceof Command.Unrecognised;
        if (!wrong && text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            assertThat(OtherProtocol.ofFirst(octets)).isEmpty();
        }
    }
}
