package dev.postern.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {
    private static final String LABEL_63 = "a".repeat(63);

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "EXAMPLE.Org., example.org",
        "localhost, localhost",
        "_25._tcp.mx.example.org, _25._tcp.mx.example.org",
        "1.2.3.4, 1.2.3.4",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "bücher.example, xn--bcher-kva.example",
        "BÜCHER.example, xn--bcher-kva.example",
        "bu\u0308cher.example, xn--bcher-kva.example",
        "faß.example, xn--fa-hia.example",
        "βόλος.com, xn--nxasmm1c.com",
        "例え.テスト, xn--r8jz45g.xn--zckzah",
        "правда.рф, xn--80aafi6cg.xn--p1ai",
        "ليهمابتكلموشعربي؟, ",
        "ليهمابتكلموشعربي, xn--mgbcah9ar9a4efegftvvn",
        "他们为什么不说中文, xn--ihqwcrb4cv8a8dqg056pqjye",
        "למההםפשוטלאמדבריםעברית, xn--4dbcagdahymbxekheh6e0a7fei0b",
        "3年b組金八先生, xn--3b-ww4c5e180e575a65lsy2b",
        "paral·lel.example, xn--parallel-koa.example",
        "ノート・ルダム.example, xn--6ckpr8e8b5ef.example",
        "𐌰𐌱.example, xn--ec8cc.example",
    })
    void textsHaveOneCanonicalForm(String text, String canonical) {
        if (canonical == null) {
            assertThat(DomainName.parse(text)).isEmpty();
        } else {
            assertThat(DomainName.parse(text)).hasToString("Optional[" + canonical + "]");
            assertThat(DomainName.parse(canonical)).isEqualTo(DomainName.parse(text));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".example",
                "a..b",
                "a.b..",
                "-a.example",
                "a-.example",
                "a b",
                "a\rb",
                "a\nb.example",
                "a\0b",
                "a@b",
                "a/b",
                "*.example",
                "[192.0.2.1]",
                "a\u0085b",
                "a\u2028b",
                "a\u200bb",
                "a\u200db",
                "a\u3002example",
                "ｅxample.org",
                "exam\uff0eple",
                "①.example",
                "ﬁ.example",
                "\u0301a.example",
                "üb--x",
                "xü--b",
                "-ü",
                "ü-",
                "·l.example",
                "a·b.example",
                "a・b.example",
                "aא.example",
                "אa.example",
                "א1٢.example",
                "٢.example",
                "\ud800.example",
                "☃.example",
            })
    void whatIsNoDomainNameIsNone(String text) {
        assertThat(DomainName.parse(text)).isEmpty();
        assertThatThrownBy(() -> DomainName.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelsHave63OctetsAndNames253() {
        assertThat(DomainName.parse(LABEL_63 + ".example")).isPresent();
        assertThat(DomainName.parse(LABEL_63 + "a.example")).isEmpty();
        String longest = (LABEL_63 + ".").repeat(3) + "a".repeat(61);
        assertThat(longest).hasSize(253);
        assertThat(DomainName.parse(longest)).isPresent();
        assertThat(DomainName.parse(longest + "a")).isEmpty();
        assertThat(DomainName.parse("ü".repeat(60))).isEmpty();
        assertThat(DomainName.parse("ü".repeat(10_000))).isEmpty();
    }

    @Test
    void namesLieWithinNames() {
        DomainName name = DomainName.of("a.b.example");
        assertThat(name.isWithin(DomainName.of("b.example"))).isTrue();
        assertThat(name.isWithin(name)).isTrue();
        assertThat(DomainName.of("ab.example").isWithin(DomainName.of("b.example")))
                .isFalse();
        assertThat(name.parent()).contains(DomainName.of("b.example"));
        assertThat(DomainName.of("example").parent()).isEmpty();
        assertThat(name.labels()).containsExactly("a", "b", "example");
        assertThat(name.below("_dmarc")).contains(DomainName.of("_dmarc.a.b.example"));
        assertThat(DomainName.of("_dmarc.example").isHostName()).isFalse();
    }
}
