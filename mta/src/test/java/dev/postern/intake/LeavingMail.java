package dev.postern.intake;

import dev.postern.batv.BatvSettings;
import dev.postern.batv.SignedReturnPaths;
import dev.postern.batv.UnsignedAddresses;
import dev.postern.dns.DomainName;
import dev.postern.dsn.DsnComposer;
import dev.postern.dsn.DsnSettings;
import dev.postern.event.Decision;
import dev.postern.route.AddressSettings;
import dev.postern.route.AddressTable;
import dev.postern.route.Aliases;
import dev.postern.route.DomainPattern;
import dev.postern.route.OwnDomain;
import dev.postern.route.RelayDomain;
import dev.postern.route.ReturnAddresses;
import dev.postern.route.SignedAddresses;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.Origin;
import dev.postern.spool.SpooledMessage;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// An intake for tests, all real: `ours.example` with the inboxes ann and boss, aliases that lead away, signed return
/// paths and return addresses for forwarded mail.
final class LeavingMail {
    static final DomainName OURS = DomainName.of("ours.example");

    private static final String ALIASES = """
            away: carol@far.example
            other: dave@far.example
            both: ann, carol@far.example
            boss: boss, copy@far.example
            inside: ann
            crew: ann, carol@far.example
            owner-crew: boss
            josé: carol@far.example
            """;

    private static final String CONTENT = "Subject: x\r\n\r\nbody\r\n";

    final ManualClock clock = ManualClock.atNoon();
    final MemorySpool spool = new MemorySpool(clock);
    final List<SpooledMessage> handedOver = new ArrayList<>();
    final SignedReturnPaths paths = new SignedReturnPaths(
            new BatvSettings(Set.of(OURS), 7, new UnsignedAddresses(Set.of(Mailbox.of("news", OURS)), Set.of())),
            SrsSecrets.of("a secret of the test"),
            clock);
    final Intake intake;

    LeavingMail() {
        this("");
    }

    /// @param moreAliases further lines of the aliases file
    LeavingMail(String moreAliases) {
        SenderRewriting rewriting = new SenderRewriting(
                new SrsSettings(OURS, Set.of(OURS), SrsSettings.USUAL_DAYS),
                SrsSecrets.of("another secret of the test"),
                clock);
        intake = new Intake(
                        IntakeSettings.of(DomainName.of("mx.ours.example")),
                        spool,
                        new SignedAddresses(new ReturnAddresses(table(ALIASES + moreAliases), rewriting), paths),
                        clock,
                        (message, content) -> handedOver.add(message))
                .rewriting(() -> Optional.of(rewriting))
                .signing(() -> Optional.of(paths))
                .telling(new DsnComposer(DsnSettings.of(DomainName.of("mx.ours.example")), new SplittableRandom(1)));
    }

    private static AddressTable table(String text) {
        if (!(Aliases.parse(text, false) instanceof Aliases.Good(Aliases aliases))) {
            throw new AssertionError("the aliases of this test are wrong");
        }
        AddressSettings settings = new AddressSettings(
                List.of(OwnDomain.of(
                        OURS,
                        "maildir",
                        inbox ->
                                Set.of("ann", "boss").contains(inbox.localPart().value()))),
                List.of(new RelayDomain(DomainPattern.parse("relayed.example").orElseThrow(), Optional.empty())),
                aliases,
                Optional.of(Mailbox.of("boss", OURS)),
                Set.of(),
                "+");
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good(AddressTable table) -> table;
            case AddressTable.Bad bad -> throw new AssertionError(bad);
        };
    }

    /// What became of a message with a short content.
    IntakeResult take(Arrival.Sender sender, String from, String... to) throws IOException {
        return takeContent(sender, CONTENT, from, to);
    }

    /// What became of a message; a recipient with `!` before it wants no reports.
    IntakeResult takeContent(Arrival.Sender sender, String content, String from, String... to) throws IOException {
        Envelope envelope = new Envelope(
                ReversePath.parse(from).orElseThrow(),
                MailParameters.none(),
                Arrays.stream(to).map(LeavingMail::recipient).toList());
        Origin origin = new Origin(
                "mx", Optional.of("192.0.2.7"), Optional.empty(), Optional.empty(), "ESMTP", Optional.empty());
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        handedOver.clear();
        try (Incoming incoming = intake.open(
                new Arrival(intake.nextId(), origin, envelope, new Arrival.Treatment(false, false, sender)))) {
            incoming.write(octets, 0, octets.length);
            return incoming.complete(List.of());
        }
    }

    private static Recipient recipient(String text) {
        ForwardPath path = ForwardPath.parse(text.replace("!", "")).orElseThrow();
        return text.startsWith("!")
                ? new Recipient(path, new RcptParameters(Optional.of(new Notify(Set.of())), Optional.empty()))
                : Recipient.of(path);
    }

    /// What went on: `from -> to, to` each, and `[address]` behind it where a Delivered-To field is on top.
    List<String> ways() {
        return handedOver.stream().map(LeavingMail::way).toList();
    }

    private static String way(SpooledMessage message) {
        String top = message.trace().lines().findFirst().orElseThrow();
        return message.reversePath() + " -> "
                + message.recipients().stream()
                        .map(state -> state.recipient().path().toString())
                        .collect(Collectors.joining(", "))
                + (top.startsWith("Delivered-To: ") ? " [" + top.substring("Delivered-To: ".length()) + "]" : "");
    }

    /// What was decided about a message that was taken, `rule verdict` each.
    List<String> decisions(IntakeResult result) throws IOException {
        return spool.decisions(((IntakeResult.Taken) result).id()).stream()
                .map(decision -> decision.rule() + " " + decision.verdict())
                .toList();
    }

    /// The same in full.
    List<Decision> record(IntakeResult result) throws IOException {
        return spool.decisions(((IntakeResult.Taken) result).id());
    }

    /// The octets of a message as it goes on.
    String octets(SpooledMessage message) throws IOException {
        try (var in = spool.content(message.id()).open()) {
            return message.trace() + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
