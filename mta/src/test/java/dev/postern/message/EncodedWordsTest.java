package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "=?utf-8?Q?a_b=20c?=|a b c",
                "=?UTF-8?b?w6k=?=|é",
                "=?iso-8859-1?q?=E9?= x|é x",
                "=?us-ascii*en?Q?a?= =?us-ascii?Q?b?=|ab",
                // a character divided between two words
                "=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=|é",
                "=?utf-8?Q?=C3?= =?iso-8859-1?Q?=E9?=|\uFFFDé",
                "before=?utf-8?Q?a?=behind|beforeabehind",
                // those that are none
                "=?utf-8?Q?a b?=|=?utf-8?Q?a b?=",
                "=?utf-8?Q?a|=?utf-8?Q?a",
                "=?utf-8?Z?a?=|=?utf-8?Z?a?=",
                "=?utf-8?B?!?=|=?utf-8?B?!?=",
                "=?no-such-set?Q?a?=|=?no-such-set?Q?a?=",
                "=?|=?",
                "=??Q?a?=|=??Q?a?=",
                "=?utf-8?Q?=|=?utf-8?Q?=",
                "=?utf-8?Q?=4?=|=4",
                "=?utf-8?Q??=|''",
            })
    void wordsAreReadAndWhatIsNoneStays(String text, String meaning) {
        assertThat(EncodedWords.decode(text)).isEqualTo(meaning.equals("''") ? "" : meaning);
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "日本語の名前がとても長いのでいくつかの語に分けなければならない", "a=?utf-8?Q?b?=c", "\uD83D\uDE00"})
    void whatIsWrittenIsReadAgain(String text) {
        List<String> words = EncodedWords.encode(text);

        assertThat(words).allSatisfy(word -> {
            assertThat(word.length()).isLessThanOrEqualTo(75);
            assertThat(word).matches("[!-~]+");
            assertThat(EncodedWords.decode(word)).as("whole characters").doesNotContain("\uFFFD");
        });
        assertThat(EncodedWords.decode(String.join("\r\n ", words))).isEqualTo(text);
    }

    @Test
    void workIsBoundedByTheLengthOfTheText() {
        String begins = "=?utf-8?Q?".repeat(100_000);

        assertThat(EncodedWords.decode(begins)).isEqualTo(begins);
    }
}
