package dev.postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// Any octets as a list of tags: it is read or refused, and what was read means the same when it is written and read
/// again.
class TagListFuzzTest {
    @FuzzTest
    void lists(byte[] octets) throws TagList.BadTagListException {
        TagList list;
        try {
            list = TagList.parse(new String(octets, StandardCharsets.ISO_8859_1));
        } catch (TagList.BadTagListException bad) {
            assertThat(bad).message().isNotBlank();
            return;
        }
        String written = list.tags().entrySet().stream()
                .map(tag -> tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.joining("; "));
        assertThat(TagList.parse(written)).isEqualTo(list);
        list.tags()
                .forEach((name, value) -> assertThat(list.compact(name).orElseThrow())
                        .hasSizeLessThanOrEqualTo(value.length())
                        .doesNotContainAnyWhitespaces());
    }
}
