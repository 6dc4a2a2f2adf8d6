package dev.postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagListTest {
    @Test
    void valuesKeepTheirInnerSpaceAndLoseTheOuter() throws Exception {
        TagList list = TagList.parse(" v=1 ;\r\n\ta = rsa-sha256; b=AB\r\n CD ;h=from : to;x_y2=;");
        assertThat(list.tags())
                .containsExactly(
                        Map.entry("v", "1"),
                        Map.entry("a", "rsa-sha256"),
                        Map.entry("b", "AB\r\n CD"),
                        Map.entry("h", "from : to"),
                        Map.entry("x_y2", ""));
        assertThat(list.compact("b")).contains("ABCD");
        assertThat(list.value("V")).isEmpty();
        assertThat(TagList.parse("").tags()).isEmpty();
        assertThat(TagList.parse(" \t ").tags()).isEmpty();
        assertThat(TagList.parse("v=1;; ").tags()).containsExactly(Map.entry("v", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v", "=1", "v=1; ;a=2", "1v=1", "v v=1", "v=1;v=1", "v=\u0001", "\u00fc=1"})
    void whatIsNoListIsInvalidAsAWhole(String text) {
        assertThatExceptionOfType(TagList.BadTagListException.class).isThrownBy(() -> TagList.parse(text));
    }

    @Test
    void tagsAreBounded() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 101; i++) {
            text.append("t").append(i).append("=1;");
        }
        assertThatExceptionOfType(TagList.BadTagListException.class).isThrownBy(() -> TagList.parse(text.toString()));
    }
}
