package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailDateTest {
    @Test
    void aDateIsWrittenAsRfc5322Section33Says() {
        assertThat(MailDate.format(Instant.parse("2026-11-03T09:05:07Z"))).isEqualTo("Tue, 3 Nov 2026 09:05:07 +0000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Tue, 3 Nov 2026 09:05:07 +0000          | 2026-11-03T09:05:07Z
            Tue, 03 Nov 2026 09:05:07 -0530         | 2026-11-03T14:35:07Z
            3 nov 2026 09:05 +0100                  | 2026-11-03T08:05:00Z
            Thu, 8 Mar 2005 14:00:00 EDT            | 2005-03-08T18:00:00Z
            Thu, 8 Mar 05 14:00:00 PST              | 2005-03-08T22:00:00Z
            Thu, 8 Mar 94 14:00:00 GMT              | 1994-03-08T14:00:00Z
            Thu, 8 Mar 105 14:00:00 Z               | 2005-03-08T14:00:00Z
            Sat, 8 Oct 2011 15:15:59 -0500 (CDT)    | 2011-10-08T20:15:59Z
            8 (eight) Oct 2011 15:15:60 whatever    | 2011-10-08T15:15:59Z
            Sat, 8 Oct 2011 15:15:59                | 2011-10-08T15:15:59Z
            Sat, 8 Oct 2011 15:15:59 +9999 x y z    | 2011-10-07T21:15:59Z
            Sat, 31 Feb 2011 15:15:59 +0000         |
            Sat, 8 Okt 2011 15:15:59 +0000          |
            Sat, 8 Oct 2011 25:15:59 +0000          |
            Sat, 8 Oct 2011                         |
            8 Oct 20111 15:15:59 +0000              |
            2011-10-08T15:15:59Z                    |
            ,                                       |
            """)
    void datesOfOthersAreRead(String text, Instant instant) {
        assertThat(MailDate.parse(text)).isEqualTo(Optional.ofNullable(instant));
    }

    @Test
    void longTextIsNoDate() {
        assertThat(MailDate.parse("(".repeat(100_000))).isEmpty();
        assertThat(MailDate.parse("")).isEmpty();
    }

    @Test
    void whatIsWrittenIsRead() {
        Instant instant = Instant.parse("2026-11-03T09:05:07Z");
        assertThat(MailDate.parse(MailDate.format(instant))).contains(instant);
    }
}
