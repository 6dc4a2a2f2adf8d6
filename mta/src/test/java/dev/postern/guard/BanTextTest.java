package dev.postern.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.AddressBlock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BanTextTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String TEXT = """
            postern-bans 1
            192.0.2.7 1780315200 1780315800 1 offences early-talk
            192.0.2.0/24 1780315200 1780318800 2 neighbours 5 addresses of it are banned
            2001:db8:0:0:0:0:0:0/56 1780315200 1780401600 1 operator by the administrator
            end 3
            """;
    private static final List<Ban> BANS = List.of(
            ban("192.0.2.7", 600, 1, Ban.Source.OFFENCES, "early-talk"),
            ban("192.0.2.0/24", 3600, 2, Ban.Source.NEIGHBOURS, "5 addresses of it are banned"),
            ban("2001:db8::/56", 86_400, 1, Ban.Source.OPERATOR, "by the administrator"));

    private static Ban ban(String network, int seconds, int times, Ban.Source source, String why) {
        return new Ban(AddressBlock.parse(network).orElseThrow(), NOON, NOON.plusSeconds(seconds), times, source, why);
    }

    private static BanText.Result parse(String text) {
        return BanText.parse(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void bansAreWrittenAndRead() {
        assertThat(BanText.of(BANS)).isEqualTo(TEXT);
        assertThat(parse(TEXT)).isEqualTo(new BanText.Result.Good(BANS));
        assertThat(parse("postern-bans 1\nend 0\n")).isEqualTo(new BanText.Result.Good(List.of()));
    }

    @Test
    void fileThatWasCutAnywhereIsNotRead() {
        for (int length = 0; length < TEXT.length(); length++) {
            assertThat(parse(TEXT.substring(0, length))).as("cut at %s", length).isInstanceOf(BanText.Result.Bad.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.7 1780315200 1780315800 1 offences ",
                "192.0.2.7 1780315200 1780315800 1 offences",
                "192.0.2.7 1780315200 1780315800 1 strangers x",
                "192.0.2.7 1780315200 1780315800 0 offences x",
                "192.0.2.7 1780315200 1780315800 123456 offences x",
                "192.0.2.7 1780315200 1780315200 1 offences x",
                "192.0.2.7 1780315200 99999999999 1 offences x",
                "192.0.2.7 999999999999 999999999999 1 offences x",
                "192.0.2.7 -1 1 1 offences x",
                "192.0.2.7 1 2 1  offences x",
                "192.0.2.7/24 1780315200 1780315800 1 offences x",
                "0.0.0.0/0 1780315200 1780315800 1 offences x",
                "example.org 1780315200 1780315800 1 offences x",
                "192.0.2.7 1780315200 1780315800 1 offences \u001b[31m",
                "192.0.2.7 1780315200 1780315800 1 offences \u00e9",
                "192.0.2.7 1780315200 1780315800 1 offences x\r",
                ""
            })
    void fileWithALineThatIsNoBanIsNotRead(String line) {
        assertThat(parse("postern-bans 1\n" + line + "\nend 1\n"))
                .isEqualTo(new BanText.Result.Bad("line 2 is no ban"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\u0000\u0000\u0000",
                "postern-bans 2\nend 0\n",
                "postern-bans 1\n",
                "postern-bans 1\nend 1\n",
                "postern-bans 1\nend 0\nend 0\n",
                "postern-bans 1\r\nend 0\r\n",
                "{\"bans\":[]}"
            })
    void foreignFileIsNotRead(String text) {
        assertThat(parse(text)).isInstanceOf(BanText.Result.Bad.class);
    }

    @Test
    void fileThatIsTooLargeIsNotRead() {
        byte[] huge = new byte[BanText.LONGEST + 1];
        Arrays.fill(huge, (byte) '\n');

        assertThat(BanText.parse(huge)).isInstanceOf(BanText.Result.Bad.class);
        String many = "192.0.2.7 1780315200 1780315800 1 offences x\n".repeat(Bans.MOST + 1);
        assertThat(parse("postern-bans 1\n" + many + "end " + (Bans.MOST + 1) + "\n"))
                .isEqualTo(new BanText.Result.Bad("it holds more than 16384 bans"));
    }
}
