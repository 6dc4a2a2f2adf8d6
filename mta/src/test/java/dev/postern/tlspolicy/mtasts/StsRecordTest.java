package dev.postern.tlspolicy.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StsRecordTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                // RFC 8461 §3.1, the example
                "v=STSv1; id=20160831085700Z;|20160831085700Z",
                "v=STSv1;id=1|1",
                "v=STSv1 \t; \tid=abc \t; \t|abc",
                "v=STSv1; id=first; id=second|first",
                "v=STSv1; x=1; id=a; y-z._0=:<>/|a",
                "v=STSv1; id=abcdefghijklmnopqrstuvwxyz012345|abcdefghijklmnopqrstuvwxyz012345",
            })
    void recordNamesItsPolicy(String text, String id) {
        assertThat(StsRecord.parse(text)).contains(new StsRecord(id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "v=STSv1",
                "v=STSv1;",
                "v=STSv1; ;",
                "v=STSv1;; id=1",
                "v=STSv2; id=1",
                "V=STSv1; id=1",
                "v=stsv1; id=1",
                " v=STSv1; id=1",
                "v = STSv1; id=1",
                "id=1; v=STSv1",
                "v=STSv1; id=",
                "v=STSv1; id=a-b",
                "v=STSv1; id=a b",
                "v=STSv1; id=abcdefghijklmnopqrstuvwxyz0123456",
                "v=STSv1; ID=1",
                "v=STSv1; id=a-b; id=1",
                "v=STSv1; id=1; x",
                "v=STSv1; id=1; x=",
                "v=STSv1; id=1; =x",
                "v=STSv1; id=1; _x=1",
                "v=STSv1; id=1; x=a=b",
                "v=STSv1; id=1; x=\u00e4",
                "v=STSv1; id=1\n",
                "v=STSv1, id=1",
            })
    void whatIsMalformedNamesNone(String text) {
        assertThat(StsRecord.parse(text)).isEmpty();
    }

    @Test
    void endlessRecordIsNotRead() {
        assertThat(StsRecord.parse("v=STSv1; id=1" + "; x=y".repeat(10_000))).isEmpty();
    }

    @Test
    void oneOfSeveralTextsIsTheRecord() {
        assertThat(StsRecord.of(List.of("some other text", "v=STSv1; id=1;", "v=STSv10; id=2", "v=spf1 -all")))
                .isEqualTo(new StsRecord.Result.Announced(new StsRecord("1")));
    }

    @Test
    void severalRecordsAnnounceNothing() {
        assertThat(silence("v=STSv1; id=1;", "v=STSv1; id=2;"))
                .hasValueSatisfying(why -> assertThat(why).contains("2 records"));
        assertThat(silence("v=STSv1; id=1;", "v=STSv1; broken")).isPresent();
    }

    @Test
    void brokenRecordAnnouncesNothing() {
        assertThat(silence("v=STSv1; id=?;"))
                .hasValueSatisfying(why -> assertThat(why).contains("malformed"));
        assertThat(silence("v=STSv1")).isPresent();
        assertThat(silence()).isPresent();
    }

    private static Optional<String> silence(String... texts) {
        return switch (StsRecord.of(List.of(texts))) {
            case StsRecord.Result.Announced announced -> Optional.empty();
            case StsRecord.Result.Silent(String why) -> Optional.of(why);
        };
    }
}
