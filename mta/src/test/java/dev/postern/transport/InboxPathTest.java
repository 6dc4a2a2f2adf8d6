package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboxPathTest {
    /// Local parts of people who do not mean well, and of some who only have unusual names.
    static final List<String> HOSTILE = Stream.concat(
                    Stream.of(
                            "..",
                            ".",
                            "...",
                            ".hidden",
                            "../../etc/passwd",
                            "/etc/passwd",
                            "a/../../b",
                            "a/b",
                            "a\\b",
                            "-rf",
                            "~root",
                            "~",
                            "%2e%2e",
                            "%2E",
                            "%",
                            "%%",
                            "%00",
                            "a b",
                            " ",
                            "*",
                            "?",
                            "[a]",
                            "{local}",
                            "{domain}",
                            "{detail}",
                            "$HOME",
                            "$(id)",
                            "`id`",
                            "a;b",
                            "a|b",
                            "a&b",
                            "\"",
                            "'",
                            "tmp",
                            "new",
                            "cur",
                            "a:2,S",
                            "CON",
                            "nul",
                            "Bob",
                            "BOB",
                            "bOb",
                            "bob",
                            "bob.",
                            "bob..",
                            "a@b",
                            "ümlaut",
                            "ÜMLAUT",
                            "日本語",
                            "\uD83D\uDE00",
                            "a\u0301",
                            "\u00e1",
                            "\u202Ebob",
                            "\uFF0E\uFF0E",
                            "\u2024\u2024",
                            "a\u00adb",
                            "x".repeat(64),
                            "/".repeat(64),
                            "..".repeat(32),
                            "ü".repeat(32),
                            "a=b",
                            "a+b",
                            "#",
                            "a#b"),
                    IntStream.rangeClosed(0x20, 0x7e).mapToObj(Character::toString))
            .distinct()
            .toList();

    private static final InboxPath PLAIN = InboxPath.parse("/var/mail/{domain}/{local}");

    private static Path path(InboxPath template, String local) {
        Mailbox inbox = new Mailbox(new LocalPart(local), new Host.Domain(DomainName.of("example.org")));
        return template.resolve(inbox, Optional.empty()).orElseThrow();
    }

    @Test
    void nothingEscapesTheRoot() {
        for (String local : HOSTILE) {
            Path path = path(PLAIN, local);
            assertThat(path.normalize()).as(local).isEqualTo(path);
            assertThat(path.getParent()).as(local).isEqualTo(Path.of("/var/mail/example.org"));
            assertThat(path.getFileName().toString()).as(local).matches("[a-z0-9%A-F_+=-][a-z0-9%A-F_+=.-]*");
        }
    }

    @Test
    void twoInboxesNeverShareAPathEvenWhereCaseIsIgnored() {
        assertThat(HOSTILE.stream()
                        .map(local -> path(PLAIN, local).toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()))
                .hasSize(HOSTILE.size());
    }

    @Test
    void twoInboxesNeverShareANameThatIsMadeOfBothParts() {
        InboxPath template = InboxPath.parse("/m/{local}@{domain}");
        List<String> paths = new ArrayList<>();
        for (String local : HOSTILE) {
            paths.add(path(template, local).toString());
        }
        assertThat(paths).doesNotHaveDuplicates();
    }

    @Test
    void addressLiteralIsOneName() {
        Mailbox inbox = new Mailbox(new LocalPart("bob"), new Host.AddressLiteral(InetAddress.ofLiteral("192.0.2.1")));
        assertThat(PLAIN.resolve(inbox, Optional.empty())).contains(Path.of("/var/mail/%5B192.0.2.1%5D/bob"));
    }

    @Test
    void detailIsAFolderThatIsLeftOutWhereThereIsNone() {
        InboxPath template = InboxPath.parse("/m/{local}/Maildir/.{detail}");
        Mailbox bob = Mailbox.of("bob", DomainName.of("example.org"));
        assertThat(template.resolve(bob, Optional.of("Lists.rfc"))).contains(Path.of("/m/bob/Maildir/.%4Cists.rfc"));
        assertThat(template.resolve(bob, Optional.of("../x"))).contains(Path.of("/m/bob/Maildir/.%2E.%2Fx"));
        assertThat(template.resolve(bob, Optional.empty())).contains(Path.of("/m/bob/Maildir"));
        assertThat(template.resolve(bob, Optional.of(""))).contains(Path.of("/m/bob/Maildir"));
    }

    @Test
    void aNameLongerThanTheFileSystemTakesIsNoPath() {
        String label = "a".repeat(55);
        Mailbox inbox = Mailbox.of("/".repeat(64), DomainName.of(String.join(".", label, label, label, "example")));
        assertThat(InboxPath.parse("/m/{local}@{domain}").resolve(inbox, Optional.empty()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "var/mail/{local}, must be absolute",
        "/{domain}/{local}, a directory of its own",
        "/var/mail/{domain}, needs {local}",
        "/var/mail/{user}/{local}, {user} is unknown",
        "/var/mail/{local}{domain}, could share a path",
        "/var/mail/{local}-{domain}, could share a path",
        "/var/mail/{local}/{detail}, as /.{detail}",
        "/var/mail/{local}/{, a brace without its partner",
        "/var/mail/{local}/.., must not hold ..",
    })
    void aWrongTemplateIsExplained(String template, String sentence) {
        assertThatThrownBy(() -> InboxPath.parse(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
