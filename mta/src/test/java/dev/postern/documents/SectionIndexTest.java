package dev.postern.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SectionIndexTest {
    @Test
    void sectionsHaveTheirProofs() {
        SectionIndex index =
                SectionIndex.parse(List.of("# remark", "4.1.1\tcommands\tyes\tOneTest#one, dialogues/a/b"));
        assertThat(index.sections())
                .containsExactly(new SectionIndex.Section("4.1.1", "yes", List.of("OneTest#one", "dialogues/a/b")));
    }

    @Test
    void partsAndWholesAreListed() {
        SectionIndex index = SectionIndex.parse(List.of("4.1.1\tcommands\tyes\tOneTest"));
        assertThat(index.lists("4.1.1")).isTrue();
        assertThat(index.lists("4.1.1.7")).isTrue();
        assertThat(index.lists("4.1")).isTrue();
        assertThat(index.lists("4.1.10")).isFalse();
        assertThat(index.lists("4.2")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4.1.1\tcommands\tyes",
                "4.1.1\tcommands\tperhaps\tOneTest",
                "four\tcommands\tyes\tOneTest",
                "4.1.1\tcommands\tyes\t",
                "4.1.1\tcommands\tno\tOneTest",
            })
    void whatIsNoLineIsRefused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> SectionIndex.parse(List.of(line)));
    }

    @Test
    void noSectionStandsTwice() {
        String line = "4.1.1\tcommands\tyes\tOneTest";
        assertThatIllegalArgumentException().isThrownBy(() -> SectionIndex.parse(List.of(line, line)));
    }
}
