package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

/// Names from the network hold any octets; those that no domain name of ours has are no names here.
class NamesTest {
    private static Name name(String... labels) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (String label : labels) {
            byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
            wire.write(octets.length);
            wire.writeBytes(octets);
        }
        wire.write(0);
        return new Name(wire.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mx\r\nX-Evil: yes",
                "\r",
                "\n",
                "\0",
                "a\0b",
                "a b",
                "a.b",
                "a\\b",
                "a\"b",
                "(comment)",
                "<a>",
                "a@b",
                "\u0085",
                "a\u0085b",
                "\u00c2\u0085",
                "\u00e2\u0080\u00a8",
                "\u00e2\u0080\u00ae",
                "\u007f",
                "\u001b[2J",
                "\u00ff",
                "a;b",
                "-a",
                "a-",
                "%n"
            })
    void nameWithOctetsOfNoDomainNameIsNone(String label) throws IOException {
        assertThat(Names.of(name(label, "example", "net"))).isEmpty();
        assertThat(Names.of(name("mx", label))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx", "_25", "xn--caf-dma", "MX", "a-b", "0"})
    void nameThatIsOneIsItself(String label) throws IOException {
        assertThat(Names.of(name(label, "Example", "net")).orElseThrow().text())
                .isEqualTo(label.toLowerCase(java.util.Locale.ROOT) + ".example.net");
    }
}
