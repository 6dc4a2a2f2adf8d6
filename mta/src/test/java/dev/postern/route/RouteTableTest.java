package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.ReversePath;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final Set<String> INBOXES = Set.of("alice@ours.example", "copy@ours.example");

    private static AddressTable addresses(String aliases) {
        return AddressTableTest.table(new AddressSettings(
                List.of(OwnDomain.of(OURS, "maildir", inbox -> INBOXES.contains(inbox.toString()))),
                List.of(
                        new RelayDomain(pattern("backup.example"), Optional.empty()),
                        new RelayDomain(pattern("*.inside.example"), Optional.of(host("hub")))),
                ((Aliases.Good) Aliases.parse(aliases, true)).aliases(),
                Optional.of(Mailbox.of("alice", OURS)),
                Set.of(IpText.ip("192.0.2.99").orElseThrow()),
                "+"));
    }

    private static DomainPattern pattern(String text) {
        return DomainPattern.parse(text).orElseThrow();
    }

    private static SmarthostSettings host(String name) {
        return new SmarthostSettings(
                name,
                new Host.Domain(DomainName.of(name + ".example")),
                587,
                SmarthostSettings.Tls.STARTTLS,
                Optional.empty());
    }

    private static SmarthostRule to(String pattern, String host) {
        return new SmarthostRule(new SmarthostRule.Mail.To(pattern(pattern)), named(host));
    }

    private static SmarthostRule from(String pattern, String host) {
        return new SmarthostRule(new SmarthostRule.Mail.From(pattern(pattern)), named(host));
    }

    private static Optional<SmarthostSettings> named(String host) {
        return host.equals("direct") ? Optional.empty() : Optional.of(host(host));
    }

    private static final RouteTable RULED = new RouteTable(
            addresses("copy: copy, eve@elsewhere.example"),
            new RouteSettings(
                    List.of(
                            to("big.example", "bighost"),
                            to("*.big.example", "below"),
                            to("deep.sub.big.example", "direct"),
                            from("brand.example", "brandhost"),
                            from("plain.example", "direct"),
                            new SmarthostRule(new SmarthostRule.Mail.All(), named("everything"))),
                    Optional.empty(),
                    25,
                    Map.of()));

    private static ForwardPath path(String address) {
        if (address.equals("postmaster")) {
            return new Postmaster();
        }
        return mailbox(address);
    }

    private static Mailbox mailbox(String address) {
        int sign = address.lastIndexOf('@');
        String host = address.substring(sign + 1);
        return new Mailbox(
                new LocalPart(address.substring(0, sign)),
                host.startsWith("[")
                        ? new Host.AddressLiteral(
                                IpText.ip(host.substring(1, host.length() - 1)).orElseThrow())
                        : new Host.Domain(DomainName.of(host)));
    }

    private static ReversePath sender(String address) {
        return address.equals("<>") ? new NullPath() : mailbox(address);
    }

    private static String words(Route route) {
        return switch (route) {
            case Route.Mx mx ->
                "mx " + mx.host() + ":" + mx.port() + (mx.backup() ? " backup" : "")
                        + mx.fallback().map(f -> " else " + f.settings().name()).orElse("");
            case Route.Smarthost smarthost -> "host " + smarthost.settings().name();
            case Route.Local local ->
                "local " + local.transport() + " " + local.inbox()
                        + local.detail().map(d -> " / " + d).orElse("");
            case Route.Refused refused -> "refused " + refused.status();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "alice@ours.example, x@y.example, local maildir alice@ours.example",
        "Alice+Tag@ours.example, <>, local maildir alice@ours.example / Tag",
        "postmaster, <>, local maildir alice@ours.example",
        "postmaster@[192.0.2.99], <>, local maildir alice@ours.example",
        "postmaster@ours.example, <>, local maildir alice@ours.example",
        "copy@ours.example, <>, local maildir copy@ours.example",
        "nobody@ours.example, <>, refused 5.1.1",
        "x%big.example@ours.example, x@brand.example, refused 5.1.1",
        "x@[192.0.2.99], <>, refused 5.1.1",
        "x@backup.example, x@brand.example, mx backup.example:25 backup",
        "x@deep.inside.example, x@brand.example, host hub",
        "x@big.example, x@brand.example, host bighost",
        "x@sub.big.example, x@brand.example, host below",
        "x@deep.sub.big.example, x@brand.example, mx deep.sub.big.example:25",
        "x@small.example, x@brand.example, host brandhost",
        "x@small.example, x@sub.brand.example, host everything",
        "x@small.example, x@plain.example, mx small.example:25",
        "x@small.example, <>, host everything",
        "x@small.example, x@[192.0.2.7], host everything",
        "x@[192.0.2.7], x@brand.example, host brandhost",
        "x@[192.0.2.7], x@plain.example, mx [192.0.2.7]:25",
    })
    void closestRuleDecides(String recipient, String sender, String route) {
        assertThat(words(RULED.route(path(recipient), sender(sender)))).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource({
        "x@small.example, mx small.example:2525 else spare",
        "x@odd.example, mx odd.example:26 else spare",
        "x@sub.odd.example, mx sub.odd.example:27 else spare",
        "x@[192.0.2.7], mx [192.0.2.7]:2525 else spare",
        "x@backup.example, mx backup.example:2525 backup",
    })
    void directDeliveryHasItsPortsAndItsFallback(String recipient, String route) {
        RouteTable table = new RouteTable(
                addresses(""),
                new RouteSettings(
                        List.of(),
                        Optional.of(host("spare")),
                        2525,
                        Map.of(pattern("odd.example"), 26, pattern("*.odd.example"), 27)));
        assertThat(words(table.route(path(recipient), new NullPath()))).isEqualTo(route);
    }

    @Test
    void programIsStartedByItsOwnTransport() {
        AddressTable addresses = addresses("tickets: \"|/usr/bin/ticket --new\"");
        RouteTable table = new RouteTable(addresses, RouteSettings.direct());
        Destination.Alias alias = (Destination.Alias) addresses.destination(path("tickets@ours.example"));
        Route route = table.route(alias.targets().getFirst(), new NullPath());
        assertThat(route)
                .isInstanceOfSatisfying(
                        Route.Local.class,
                        local -> assertThat(addresses.programs()).containsKey(local.transport()));
        assertThat(table.route(path("tickets@ours.example"), new NullPath())).isEqualTo(route);
        assertThat(words(new RouteTable(addresses(""), RouteSettings.direct())
                        .route(alias.targets().getFirst(), new NullPath())))
                .isEqualTo("refused 5.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "one: alice, local maildir alice@ours.example",
        "one: eve@elsewhere.example, mx elsewhere.example:25",
        "one: x@deep.inside.example, host hub",
        "'one: alice, eve@elsewhere.example', refused 5.1.6",
    })
    void recipientThatBecameAnAliasIsFollowedToItsOnlyTarget(String aliases, String route) {
        assertThat(words(new RouteTable(addresses(aliases), RouteSettings.direct())
                        .route(path("one@ours.example"), new NullPath())))
                .isEqualTo(route);
    }

    @Test
    void vanishedTargetOfAnAliasIsRefused() {
        Set<String> inboxes = new HashSet<>(INBOXES);
        AddressTable addresses = AddressTableTest.table(new AddressSettings(
                List.of(OwnDomain.of(OURS, "maildir", inbox -> inboxes.contains(inbox.toString()))),
                List.of(),
                ((Aliases.Good) Aliases.parse("one: copy\ncopy: copy", true)).aliases(),
                Optional.of(Mailbox.of("alice", OURS)),
                Set.of(),
                "+"));
        inboxes.remove("copy@ours.example");
        RouteTable table = new RouteTable(addresses, RouteSettings.direct());
        assertThat(words(table.route(path("one@ours.example"), new NullPath()))).isEqualTo("refused 5.1.6");
        assertThat(words(table.route(path("copy@ours.example"), new NullPath())))
                .isEqualTo("refused 5.1.6");
    }

    @Test
    void lanesAreSharedByEqualRoutesOnly() {
        assertThat(RULED.route(path("x@small.example"), new NullPath()).lane()).isEqualTo("host:everything");
        assertThat(RULED.route(path("a@backup.example"), new NullPath()).lane()).isEqualTo("mx:backup.example");
        assertThat(RULED.route(path("alice@ours.example"), new NullPath()).lane())
                .isEqualTo("local:maildir");
    }
}
