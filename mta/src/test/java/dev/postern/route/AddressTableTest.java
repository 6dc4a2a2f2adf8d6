package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTableTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final DomainName SECOND = DomainName.of("second.example");

    private static final String ALIASES = """
            info:                  alice, bob
            Sales@ours.example:    carol@elsewhere.example, alice
            copy:                  copy, eve@elsewhere.example
            chain:                 link
            link:                  info, alice, bob
            second:                dora@second.example
            staff:                 alice, bob, staff-extra
            staff-extra:           carol@elsewhere.example
            owner-staff:           alice
            abuse@second.example:  dora
            @second.example:       dora
            exact+tag:             bob
            out:                   x%y@elsewhere.example
            """;

    private static final Set<String> INBOXES = Set.of(
            "alice@ours.example", "bob@ours.example", "copy@ours.example", "größe@ours.example", "dora@second.example");

    private static AddressSettings settings(String aliases, Optional<Mailbox> postmaster) {
        InboxLookup inboxes = inbox -> INBOXES.contains(inbox.toString());
        return new AddressSettings(
                List.of(OwnDomain.of(OURS, "maildir", inboxes), OwnDomain.of(SECOND, "lmtp", inboxes)),
                List.of(
                        new RelayDomain(DomainPattern.parse("relay.example").orElseThrow(), Optional.empty()),
                        new RelayDomain(DomainPattern.parse("*.relay.example").orElseThrow(), Optional.empty())),
                aliases(aliases),
                postmaster,
                Set.of(
                        IpText.ip("192.0.2.99").orElseThrow(),
                        IpText.ip("2001:db8::99").orElseThrow()),
                "+");
    }

    private static Aliases aliases(String text) {
        return ((Aliases.Good) Aliases.parse(text, true)).aliases();
    }

    private static final AddressTable TABLE = table(settings(ALIASES, Optional.of(Mailbox.of("alice", OURS))));

    static AddressTable table(AddressSettings settings) {
        AddressTable.Reading reading = AddressTable.of(settings);
        assertThat(reading).isInstanceOf(AddressTable.Good.class);
        return ((AddressTable.Good) reading).table();
    }

    private static List<String> faults(AddressSettings settings) {
        AddressTable.Reading reading = AddressTable.of(settings);
        assertThat(reading).isInstanceOf(AddressTable.Bad.class);
        return ((AddressTable.Bad) reading)
                .faults().stream()
                        .map(fault -> switch (fault) {
                            case AddressTable.Fault.InAliases in -> in.place() + ": " + in.what();
                            case AddressTable.Fault.InSettings in -> in.setting() + ": " + in.what();
                        })
                        .toList();
    }

    /// The path that a local part, as meant, and a host in text are.
    private static ForwardPath path(String local, String host) {
        return new Mailbox(
                new LocalPart(local),
                host.startsWith("[")
                        ? new Host.AddressLiteral(
                                IpText.ip(host.substring(1, host.length() - 1)).orElseThrow())
                        : new Host.Domain(DomainName.of(host)));
    }

    private static String words(Destination.Fixed destination) {
        return switch (destination) {
            case Destination.Inbox inbox ->
                "inbox " + inbox.inbox() + inbox.detail().map(d -> " / " + d).orElse("");
            case Destination.Alias alias ->
                "alias " + alias.name() + " -> "
                        + alias.targets().stream().map(ForwardPath::toString).collect(Collectors.joining(" "))
                        + alias.owner().map(owner -> " owner " + owner).orElse("");
            case Destination.Relayed relayed -> "relayed " + relayed.domain();
            case Destination.Remote remote -> "remote " + remote.host();
            case Destination.Unknown unknown -> "unknown " + unknown.status();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "alice, ours.example, inbox alice@ours.example",
        "ALICE, OURS.example, inbox alice@ours.example",
        "alice+Lists, ours.example, inbox alice@ours.example / Lists",
        "alice+a+b, ours.example, inbox alice@ours.example / a+b",
        "alice+, ours.example, inbox alice@ours.example",
        "+alice, ours.example, unknown 5.1.1",
        "GRÖSSE, ours.example, unknown 5.1.1",
        "Größe, ours.example, inbox größe@ours.example",
        "Gro\u0308ße, ours.example, inbox größe@ours.example",
        "nobody, ours.example, unknown 5.1.1",
        "nobody+x, ours.example, unknown 5.1.1",
        "dora, ours.example, unknown 5.1.1",
        "info, ours.example, alias info -> alice@ours.example bob@ours.example",
        "Info+Tag, ours.example, alias info -> alice+Tag@ours.example bob+Tag@ours.example",
        "info, second.example, alias info -> alice@ours.example bob@ours.example",
        "sales, ours.example, alias sales@ours.example -> carol@elsewhere.example alice@ours.example",
        "sales, second.example, alias @second.example -> dora@second.example",
        "copy, ours.example, alias copy -> copy@ours.example eve@elsewhere.example",
        "chain, ours.example, alias chain -> alice@ours.example bob@ours.example",
        "second, ours.example, alias second -> dora@second.example",
        "staff, ours.example, alias staff -> alice@ours.example bob@ours.example carol@elsewhere.example owner owner-staff@ours.example",
        "exact+tag, ours.example, alias exact+tag -> bob@ours.example",
        "exact+other, ours.example, unknown 5.1.1",
        "out, ours.example, alias out -> x%y@elsewhere.example",
        "dora, second.example, inbox dora@second.example",
        "whoever, second.example, alias @second.example -> dora@second.example",
        "who+ever, second.example, alias @second.example -> dora@second.example",
        "postmaster, ours.example, alias postmaster -> alice@ours.example",
        "PostMaster+x, ours.example, alias postmaster -> alice@ours.example",
        "postmaster, second.example, alias postmaster -> alice@ours.example",
        "abuse, ours.example, alias abuse -> alice@ours.example",
        "abuse, second.example, alias abuse@second.example -> dora@second.example",
        "postmaster, [192.0.2.99], alias postmaster -> alice@ours.example",
        "abuse, [2001:db8::99], alias abuse -> alice@ours.example",
        "postmaster, [::ffff:192.0.2.99], alias postmaster -> alice@ours.example",
        "alice, [192.0.2.99], unknown 5.1.1",
        "alice, [192.0.2.1], remote [192.0.2.1]",
        "x, relay.example, relayed relay.example",
        "x, deep.under.relay.example, relayed deep.under.relay.example",
        "postmaster, relay.example, relayed relay.example",
        "x, notrelay.example, remote notrelay.example",
        "x, sub.ours.example, remote sub.ours.example",
        "postmaster, elsewhere.example, remote elsewhere.example",
    })
    void everyPathHasItsMeaning(String local, String host, String meaning) {
        assertThat(words(TABLE.destination(path(local, host)))).isEqualTo(meaning);
    }

    @Test
    void postmasterWithoutADomainIsThatOfTheFirst() {
        assertThat(words(TABLE.destination(new Postmaster()))).isEqualTo("alias postmaster -> alice@ours.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user%other.example",
                "user%other.example%third.example",
                "other.example!user",
                "third.example!other.example!user",
                "user@other.example",
                "@other.example:user@third.example",
                "@other.example,@third.example:user",
                "user@other.example@ours.example",
                "alice@ours.example",
                "alice%ours.example",
                "user@[192.0.2.1]",
                "<user@other.example>",
                "user other@other.example",
                "user,other@other.example",
                "|/bin/sh",
                "/etc/passwd",
                "../../alice",
                ":include:/etc/passwd",
                "\"alice\"",
                "alice\\",
                "alice ",
                " alice",
                "@",
                "%",
                "!",
                "owner-",
            })
    void oddLocalPartIsNothingButALocalPart(String local) {
        assertThat(words(TABLE.destination(path(local, "ours.example")))).isEqualTo("unknown 5.1.1");
        AddressTable open = table(new AddressSettings(
                List.of(OwnDomain.of(OURS, "lmtp", InboxLookup.any())),
                List.of(),
                Aliases.none(),
                Optional.empty(),
                Set.of(),
                "+"));
        assertThat(open.destination(path(local, "ours.example")))
                .isEqualTo(new Destination.Inbox(
                        (Mailbox) path(local.toLowerCase(Locale.ROOT), "ours.example"), Optional.empty()));
    }

    @Test
    void separatorIsASetting() {
        AddressSettings some = settings("", Optional.of(Mailbox.of("alice", OURS)));
        AddressTable dashed =
                table(new AddressSettings(some.own(), some.relays(), some.aliases(), some.postmaster(), Set.of(), "-"));
        assertThat(words(dashed.destination(path("alice-x+y", "ours.example"))))
                .isEqualTo("inbox alice@ours.example / x+y");
        AddressTable none =
                table(new AddressSettings(some.own(), some.relays(), some.aliases(), some.postmaster(), Set.of(), ""));
        assertThat(words(none.destination(path("alice+x", "ours.example")))).isEqualTo("unknown 5.1.1");
    }

    @Test
    void longSubaddressIsDroppedRatherThanBreakingTheTarget() {
        AddressTable table = table(settings("a: alice", Optional.of(Mailbox.of("alice", OURS))));
        assertThat(words(table.destination(path("a+" + "x".repeat(62), "ours.example"))))
                .isEqualTo("alias a -> alice@ours.example");
    }

    @Test
    void catchAllOfTheConfigurationTakesTheRest() {
        AddressSettings some = settings("", Optional.of(Mailbox.of("alice", OURS)));
        OwnDomain first = some.own().getFirst();
        AddressSettings caught = new AddressSettings(
                List.of(new OwnDomain(
                        first.name(), first.transport(), first.inboxes(), Optional.of(Mailbox.of("bob", OURS)))),
                List.of(),
                some.aliases(),
                some.postmaster(),
                Set.of(),
                "+");
        assertThat(words(table(caught).destination(path("nobody", "ours.example"))))
                .isEqualTo("alias @ours.example -> bob@ours.example");
        assertThat(words(table(caught).destination(path("postmaster", "ours.example"))))
                .isEqualTo("alias postmaster -> alice@ours.example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "a: b||b: a => 'line 1, column 4: the aliases lead in a circle: b@ours.example -> a@ours.example -> b@ours.example'",
                "a: b||b: c||c: a, alice => line 3, column 4: the aliases lead in a circle",
                "a: a => line 1, column 4: a@ours.example is nobody here",
                "a: nobody => line 1, column 4: nobody@ours.example is nobody here",
                "a: alice, nobody@ours.example => line 1, column 11: nobody@ours.example is nobody here",
                "@ours.example: nobody => line 1, column 16: nobody@ours.example is nobody here",
                "@ours.example: x@ours.example => line 1, column 16: x@ours.example is nobody here",
                "x@elsewhere.example: alice => line 1, column 1: elsewhere.example is none of our own domains",
                "x@relay.example: alice => line 1, column 1: relay.example is none of our own domains",
                "@elsewhere.example: alice => line 1, column 1: elsewhere.example is none of our own domains",
            })
    void aliasFaultsAreFoundAtLoad(String aliases, String fault) {
        assertThat(faults(settings(aliases.replace("||", "\n"), Optional.of(Mailbox.of("alice", OURS)))))
                .anySatisfy(found -> assertThat(found).contains(fault));
    }

    @Test
    void deepChainIsAFault() {
        String chain = IntStream.range(0, 20)
                .mapToObj(i -> "a%d: a%d\n".formatted(i, i + 1))
                .collect(Collectors.joining("", "", "a20: alice\n"));
        assertThat(faults(settings(chain, Optional.of(Mailbox.of("alice", OURS)))))
                .anySatisfy(fault -> assertThat(fault).contains("more than 16 aliases"));
    }

    @Test
    void hugeAliasIsAFaultAndWideOnesAreFollowedOnce() {
        String huge =
                IntStream.range(0, 10_001).mapToObj(i -> "u" + i + "@e.example").collect(Collectors.joining(", "));
        assertThat(faults(settings("a: " + huge, Optional.of(Mailbox.of("alice", OURS)))))
                .anySatisfy(fault -> assertThat(fault).contains("more than 10000 targets"));
        String diamonds = IntStream.range(0, 12)
                .mapToObj(i -> "l%1$d: l%2$d, r%2$d\nr%1$d: l%2$d, r%2$d\n".formatted(i, i + 1))
                .collect(Collectors.joining("", "", "l12: alice\nr12: alice\n"));
        AddressTable table = table(settings(diamonds, Optional.of(Mailbox.of("alice", OURS))));
        assertThat(words(table.destination(path("l0", "ours.example")))).isEqualTo("alias l0 -> alice@ours.example");
    }

    @Test
    void serverWithoutAPostmasterIsAFault() {
        assertThat(faults(settings("", Optional.empty())))
                .anySatisfy(fault ->
                        assertThat(fault).startsWith("POSTMASTER: nobody gets the mail for postmaster@ours.example"))
                .anySatisfy(fault ->
                        assertThat(fault).startsWith("POSTMASTER: nobody gets the mail for abuse@second.example"));
        assertThat(faults(settings("postmaster: alice", Optional.empty())))
                .allSatisfy(fault -> assertThat(fault).contains("abuse@"));
        assertThat(AddressTable.of(settings("postmaster: alice\nabuse: postmaster", Optional.empty())))
                .isInstanceOf(AddressTable.Good.class);
        assertThat(faults(new AddressSettings(List.of(), List.of(), Aliases.none(), Optional.empty(), Set.of(), "+")))
                .containsExactly(
                        "POSTMASTER: nobody gets the mail for postmaster, which every server must accept (RFC 5321 §4.5.1);"
                                + " name an address");
        assertThat(faults(settings("", Optional.of(Mailbox.of("nobody", OURS)))))
                .allSatisfy(fault -> assertThat(fault).startsWith("POSTMASTER: nobody@ours.example is nobody here"));
    }

    @Test
    void postmasterMayBeElsewhereAndIsAllThereIsWithoutOwnDomains() {
        AddressTable table = table(new AddressSettings(
                List.of(),
                List.of(),
                Aliases.none(),
                Optional.of(Mailbox.of("ops", DomainName.of("elsewhere.example"))),
                Set.of(IpText.ip("192.0.2.99").orElseThrow()),
                "+"));
        assertThat(words(table.destination(new Postmaster()))).isEqualTo("alias postmaster -> ops@elsewhere.example");
        assertThat(words(table.destination(path("POSTMASTER", "[192.0.2.99]"))))
                .isEqualTo("alias postmaster -> ops@elsewhere.example");
    }

    @Test
    void domainsThatContradictAreFaults() {
        OwnDomain own = OwnDomain.of(OURS, "maildir", InboxLookup.any());
        RelayDomain relay = new RelayDomain(DomainPattern.exactly(OURS), Optional.empty());
        assertThat(faults(new AddressSettings(
                        List.of(own, own), List.of(relay, relay), Aliases.none(), Optional.empty(), Set.of(), "+")))
                .hasSize(3)
                .anySatisfy(fault -> assertThat(fault).startsWith("OWN_DOMAINS: ours.example stands twice"))
                .anySatisfy(fault -> assertThat(fault).startsWith("RELAY_DOMAINS: ours.example stands twice"))
                .anySatisfy(fault -> assertThat(fault).contains("one of our own domains and a relay domain"));
    }

    @Test
    void programIsReachedThroughItsAliasOnly() {
        AddressTable table =
                table(settings("tickets: \"|/usr/bin/ticket --new\", alice", Optional.of(Mailbox.of("alice", OURS))));
        Destination.Alias alias = (Destination.Alias) table.destination(path("tickets", "ours.example"));
        assertThat(alias.targets()).hasSize(2).contains(path("alice", "ours.example"));
        ForwardPath program = alias.targets().getFirst();
        assertThat(program.toString()).matches("\\|ticket-[0-9a-f]{8}@ours\\.example");
        assertThat(table.programs()).hasSize(1).allSatisfy((transport, found) -> {
            assertThat(transport).matches("pipe:ticket-[0-9a-f]{8}");
            assertThat(found.command()).containsExactly("/usr/bin/ticket", "--new");
        });
        assertThat(words(table.destination(program))).isEqualTo("unknown 5.1.1");
    }

    @Test
    void accountThatVanishesLaterIsReturnedAndNotLost() {
        Set<String> inboxes = new HashSet<>(Set.of("alice@ours.example", "bob@ours.example"));
        AddressTable table = table(new AddressSettings(
                List.of(OwnDomain.of(OURS, "maildir", inbox -> inboxes.contains(inbox.toString()))),
                List.of(),
                aliases("info: alice, bob"),
                Optional.of(Mailbox.of("alice", OURS)),
                Set.of(),
                "+"));
        inboxes.remove("bob@ours.example");
        assertThat(words(table.destination(path("info", "ours.example"))))
                .isEqualTo("alias info -> alice@ours.example bob@ours.example");
        assertThat(words(table.destination(path("bob", "ours.example")))).isEqualTo("unknown 5.1.1");
    }
}
