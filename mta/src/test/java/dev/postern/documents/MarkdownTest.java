package dev.postern.documents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void linksOfEachKindAreFound() {
        var page = Markdown.parse("""
                See [one](a/b.md), ![two](<c.png> "a picture") and [three][3], not [abroad](https://example.org/x).

                [3]: ../d.md#part
                """);
        assertThat(page.localLinks()).containsExactly("a/b.md", "c.png", "../d.md#part");
    }

    @Test
    void codeHoldsNoLinks() {
        var page = Markdown.parse("""
                Write `[x](y.md)` so:
                ```
                [x](y.md)
                ```
                and [z](z.md).
                """);
        assertThat(page.localLinks()).containsExactly("z.md");
    }

    @Test
    void headingsAreAnchors() {
        var page = Markdown.parse("# The way in\n\ntext\n\n## Who's `who`, really? ##\n");
        assertThat(page.anchors()).containsExactlyInAnyOrder("the-way-in", "whos-who-really");
    }

    @Test
    void rulesAreCutAtTheirNumbers() {
        var page = Markdown.parse("""
                # Rules
                Some words in 2 lines.

                1. First rule,
                   with 3. in the middle.
                2. Second.

                ### 3. Third
                held by `XTest`
                """);
        assertThat(page.rules())
                .hasSize(3)
                .satisfiesExactly(
                        rule -> assertThat(rule).startsWith("1. First").contains("middle"),
                        rule -> assertThat(rule).startsWith("2. Second."),
                        rule -> assertThat(rule).startsWith("### 3. Third").contains("`XTest`"));
    }
}
