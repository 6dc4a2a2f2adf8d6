package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.TlsaRecord;
import dev.postern.dns.ZoneResolver;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterFileTest {
    private static final DomainName NAME = DomainName.of("a.example.org");

    @ParameterizedTest
    @ValueSource(strings = {"v=spf1 mx -all", "a \"quoted\" word", "back\\slash", "a;b", "\u0000\u00ff\r\n", ""})
    void textIsReadAsItWasMeant(String text) {
        assertThat(ZoneResolver.of(MasterFile.txt(NAME, text) + "\n")
                        .resolve(NAME, RecordType.TXT)
                        .recordsOrNone())
                .containsExactly(text);
    }

    @Test
    void longTextStandsInStringsOf255Octets() {
        String text = "x".repeat(256);
        assertThat(MasterFile.txt(NAME, text)).isEqualTo("a.example.org.  TXT   \"" + "x".repeat(255) + "\" \"x\"");
    }

    @Test
    void dataOfEveryTypeIsReadAgain() {
        MxRecord none = new MxRecord(0, Optional.empty());
        TlsaRecord key = new TlsaRecord(3, 1, 1, "ab".repeat(32));
        ZoneResolver zone = ZoneResolver.of(String.join(
                        "\n",
                        List.of(
                                MasterFile.line(NAME, RecordType.MX, none),
                                MasterFile.line(NAME, RecordType.TLSA, key),
                                MasterFile.line(DomainName.of("b.example.org"), RecordType.CNAME, NAME)))
                + "\n");
        assertThat(zone.resolve(NAME, RecordType.MX).recordsOrNone()).containsExactly(none);
        assertThat(zone.resolve(DomainName.of("b.example.org"), RecordType.TLSA).recordsOrNone())
                .containsExactly(key);
    }
}
