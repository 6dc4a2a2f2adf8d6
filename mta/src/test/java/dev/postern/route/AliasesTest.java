package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AliasesTest {
    /// The aliases of a file that is right, one a line, in order of their places: key, then targets.
    private static List<String> read(String text) {
        Aliases.Reading reading = Aliases.parse(text, true);
        assertThat(reading).isInstanceOf(Aliases.Good.class);
        return ((Aliases.Good) reading)
                .aliases().entries().stream()
                        .sorted((a, b) -> a.place().line() - b.place().line())
                        .map(entry -> entry.key() + " = "
                                + entry.targets().stream()
                                        .map(AliasesTest::words)
                                        .collect(Collectors.joining(" ; ")))
                        .toList();
    }

    private static String words(Aliases.Target target) {
        return switch (target) {
            case Aliases.Target.Name name -> name.local();
            case Aliases.Target.Address address -> "<" + address.mailbox() + ">";
            case Aliases.Target.Run run -> run.program().command().toString();
        };
    }

    private static List<Aliases.Fault> faults(String text, boolean programsAllowed) {
        Aliases.Reading reading = Aliases.parse(text, programsAllowed);
        assertThat(reading).isInstanceOf(Aliases.Bad.class);
        return ((Aliases.Bad) reading).faults();
    }

    @Test
    void everyFormOfTheFileIsRead() {
        assertThat(read("""
                # a comment
                Info:              Alice, bob           # and one behind
                sales@Example.ORG: carol@example.net,
                    # within
                    dave

                \t, Erna
                @example.org:      alice
                "odd: name":       "other, odd"@example.org, a\\@b, it#self
                user+tag:          x@[192.0.2.1], y@[IPv6:2001:db8::1],
                "a@b":             c
                tickets:           "|/usr/bin/ticket --new 'a b'", | /bin/x "q, r" s\\ t
                größe:             straße@bücher.example
                """))
                .containsExactly(
                        "info = alice ; bob",
                        "sales@example.org = <carol@example.net> ; dave ; erna",
                        "@example.org = alice",
                        "odd: name = <\"other, odd\"@example.org> ; a@b ; it#self",
                        "user+tag = <x@[192.0.2.1]> ; <y@[IPv6:2001:db8:0:0:0:0:0:1]>",
                        "a@b = c",
                        "tickets = [/usr/bin/ticket, --new, a b] ; [/bin/x, q, r, s t]",
                        "größe = <straße@xn--bcher-kva.example>");
    }

    @Test
    void windowsLinesAreTheSame() {
        assertThat(read("a: b\r\n  , c\r\n# x\r\nd: e")).containsExactly("a = b ; c", "d = e");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                "alice                       => 1 => 1 => write it as  name: target",
                "a: b||alice bob             => 2 => 1 => write it as  name: target",
                ": bob                       => 1 => 1 => no name before the colon",
                "a:                          => 1 => 2 => no target",
                "a: ,b                       => 1 => 4 => a comma without a target",
                "a: b,,c                     => 1 => 6 => a comma without a target",
                "`  a: b`                    => 1 => 1 => remove the blank",
                "a b: c                      => 1 => 1 => put the name in quotes",
                "a: b c                      => 1 => 4 => put the name in quotes",
                "a: \"b                      => 1 => 4 => a quote is not closed",
                "a: b||  , \"c               => 2 => 5 => a quote is not closed",
                "a: b@                       => 1 => 6 => no domain",
                "a: b@-x.example             => 1 => 6 => no domain",
                "a: b@c@d.example            => 1 => 6 => no domain",
                "a: @example.org             => 1 => 4 => a name before its @",
                "a: b@[1.2.3]                => 1 => 6 => no address literal",
                "a: b@[2001:db8::1]          => 1 => 6 => no address literal",
                "a: b@[192.0.2.1             => 1 => 6 => no address literal",
                "a@b@c: d                    => 1 => 3 => no domain",
                "a@[192.0.2.1]: d            => 1 => 3 => no domain",
                "a: \"\"                     => 1 => 4 => no name",
                "a: :include:/etc/list       => 1 => 4 => lists in other files are not read",
                "a: /var/mail/a              => 1 => 4 => not written into files",
                "a: \"/dev/null\"            => 1 => 4 => not written into files",
                "a: b||A: c                  => 2 => 1 => on line 1 already",
                "a: \"|ticket --new\"        => 1 => 4 => a program is an absolute path",
                "a: |/bin/x 'y               => 1 => 4 => with quotes closed",
                "a: |/bin/x\ty\u0007z         => 1 => 4 => control character",
                "a: |                        => 1 => 4 => a program is an absolute path",
            })
    void faultsTellWhereAndWhatToWrite(String text, int line, int column, String words) {
        assertThat(faults(text.replace("||", "\n"), true)).singleElement().satisfies(fault -> {
            assertThat(fault.place()).isEqualTo(new Aliases.Place(line, column));
            assertThat(fault.what()).contains(words);
        });
    }

    @Test
    void allFaultsComeAtOnce() {
        assertThat(faults("a\nb: c\nd:\ne: f@\n", false))
                .extracting(fault -> fault.place().line())
                .containsExactly(1, 3, 4);
    }

    @Test
    void faultsAreBounded() {
        assertThat(faults("x\n".repeat(100_000), false)).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: |/bin/x", "a: \"|/bin/x y\"", "a: b, |/bin/x"})
    void programsAreForbiddenUnlessAllowed(String text) {
        assertThat(faults(text, false))
                .singleElement()
                .satisfies(fault -> assertThat(fault.what()).contains("programs are not allowed"));
    }

    @Test
    void argumentsAreNeverReadByAShell() {
        assertThat(read("a: \"|/bin/x $HOME `id` ; rm * > /f && y | z\""))
                .containsExactly("a = [/bin/x, $HOME, `id`, ;, rm, *, >, /f, &&, y, |, z]");
    }

    @Test
    void longNamesAreFaults() {
        assertThat(faults("x".repeat(65) + ": b", false)).hasSize(1);
        assertThat(faults("a: " + "ß".repeat(33), false)).hasSize(1);
    }

    @Test
    void noTextMakesTheParserThrow() {
        Random random = new Random(5321);
        String alphabet = "ab:,@.\"\\|/#[]+ \t\r\n'é\u0000\ud800example";
        for (int round = 0; round < 30_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(Aliases.parse(text.toString(), random.nextBoolean())).isNotNull();
        }
    }
}
