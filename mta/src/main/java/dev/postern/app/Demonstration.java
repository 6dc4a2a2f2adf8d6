package dev.postern.app;

import dev.postern.delivery.DeliveryEvent;
import dev.postern.event.Event;
import dev.postern.event.Events;
import dev.postern.message.MailDate;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.DialogueListener;
import dev.postern.smtpclient.Login;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.RecipientResult;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.smtpclient.Transmission;
import dev.postern.smtpserver.SessionEvent;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Sends three messages through a {@link Playground} and tells the way of each in plain words: one
/// with an attachment that arrives, one that bounces, one to a forwarder.
final class Demonstration {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTACHMENT_OCTETS = 20_000;
    private static final int LINE = 76;

    private final Playground world;
    private final PrintWriter out;
    private final Clock clock = Clock.systemUTC();

    Demonstration(Playground world, PrintWriter out) {
        this.world = world;
        this.out = out;
    }

    /// Shows all three.
    ///
    /// @return whether all arrived as they should
    boolean run() throws IOException, InterruptedException {
        out.println(
                "Postern on loopback: our server for example.org, \"the internet\" for example.net, a DNS between them.");
        String attached = multipart(Playground.BOB, "With an attachment");
        boolean good = show(
                "A message with an attachment, from alice to bob on the internet",
                Playground.BOB,
                attached,
                new Expected(Playground.BOB, body(attached)));
        good &= show(
                "A message to nobody, which comes back",
                Playground.NOBODY,
                plain(Playground.NOBODY, "Is anybody there?"),
                new Expected(Playground.ALICE, "Action: failed"));
        good &= show(
                "A message to a forwarder of ours, which goes on to carol",
                Playground.FORWARDER,
                plain(Playground.FORWARDER, "To all friends"),
                new Expected(Playground.CAROL, "Subject: To all friends"));
        out.println();
        out.println(good ? "All three arrived as they should." : "Something did not arrive as it should.");
        return good;
    }

    /// Which inbox gets a message, and what it must hold.
    private record Expected(String inbox, String words) {}

    private boolean show(String title, String to, String message, Expected expected)
            throws IOException, InterruptedException {
        out.println();
        out.println(title + ":");
        Instant began = clock.instant();
        List<Path> before = files(world.inbox(expected.inbox()));
        submit(to, message, began);
        Optional<Path> arrived = await(expected, before, began);
        if (arrived.isEmpty()) {
            step(began, "it did not arrive within " + PATIENCE.toSeconds() + " seconds");
            return false;
        }
        String text = Files.readString(arrived.get(), StandardCharsets.UTF_8);
        boolean whole = text.contains(expected.words());
        step(
                began,
                "in the inbox of " + expected.inbox() + (whole ? ", octet for octet" : ", but not as it was sent")
                        + ": " + arrived.get());
        proof(text).ifPresent(results -> step(began, results));
        return whole;
    }

    /// What the other side found out about the sender.
    private static Optional<String> proof(String message) {
        Matcher results = Pattern.compile("^Authentication-Results: ([^;]+);((?:.|\\n[ \\t])*)", Pattern.MULTILINE)
                .matcher(message);
        return results.find()
                ? Optional.of(results.group(1) + " says of the sender: "
                        + Pattern.compile("(?<![.\\w])(iprev|spf|dkim|dmarc|arc)=\\w+")
                                .matcher(results.group(2))
                                .results()
                                .map(MatchResult::group)
                                .collect(Collectors.joining(" ")))
                : Optional.empty();
    }

    private void submit(String to, String message, Instant began) throws IOException {
        SessionOpener opener = new SessionOpener(
                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                ClientSettings.standard("laptop.example.org"),
                Events.none());
        ClientTls tls = new ClientTls(TlsProvider.best(), List.of());
        SessionPlan plan = new SessionPlan(
                Dialect.Protocol.SMTP,
                new TlsChoice.Required(tls.unverified("mail.example.org")),
                Optional.of(new Login(Playground.ALICE, Playground.PASSWORD)));
        Opening opening = opener.open(world.submission(), plan, Deadline.after(PATIENCE), DialogueListener.none());
        switch (opening) {
            case Opening.Failed failed -> step(began, "could not be submitted: " + failed.why());
            case Opening.Ready(SmtpClient client) -> {
                try (client;
                        OutgoingMail mail = OutgoingMail.of(lines(message))) {
                    String secured = client.tls().map(t -> t.protocol()).orElse("no TLS");
                    RecipientResult result = client.send(new Transmission(
                                    mailbox(Playground.ALICE),
                                    MailParameters.none().withBody(BodyType.SEVEN_BIT),
                                    List.of(Recipient.of(mailbox(to))),
                                    "",
                                    mail,
                                    mail.traits()))
                            .getFirst();
                    step(began, "submitted over " + secured + " as " + Playground.ALICE + ": " + words(result));
                }
            }
        }
    }

    private static String words(RecipientResult result) {
        return switch (result) {
            case RecipientResult.Taken taken -> taken.reply().toString();
            case RecipientResult.Refused refused -> refused.reply().toString();
            case RecipientResult.Unfit unfit -> unfit.why();
            case RecipientResult.Unprotected unprotected -> unprotected.why();
            case RecipientResult.Unanswered unanswered -> unanswered.why();
            case RecipientResult.Unreadable unreadable -> unreadable.why();
        };
    }

    /// Tells our server's events until the inbox has a new message.
    private Optional<Path> await(Expected expected, List<Path> before, Instant began)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(PATIENCE);
        while (!deadline.passed()) {
            Event event = world.ourEvents().poll(50, TimeUnit.MILLISECONDS);
            if (event != null) {
                told(event).ifPresent(sentence -> step(began, sentence));
                continue;
            }
            List<Path> now = new ArrayList<>(files(world.inbox(expected.inbox())));
            now.removeAll(before);
            if (!now.isEmpty()) {
                return Optional.of(now.getFirst());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> told(Event event) {
        return switch (event) {
            case SessionEvent.MessageTaken taken ->
                Optional.of("on disk to stay as " + taken.message() + " (" + taken.octets() + " octets)");
            case DeliveryEvent.Delivered delivered ->
                Optional.of((delivered.relayed() ? "taken over by " : "written by ")
                        + delivered
                                .remote()
                                .map(r -> r.host() + " " + r.address())
                                .orElse(delivered.how())
                        + " for " + delivered.stop().to()
                        + delivered.remote().map(r -> ": " + r.words()).orElse(""));
            case DeliveryEvent.Deferred deferred ->
                Optional.of("put off for " + deferred.stop().to() + ": " + deferred.why());
            case DeliveryEvent.Bounced bounced ->
                Optional.of("refused for " + bounced.stop().to() + " with " + bounced.status() + ": " + bounced.why());
            case DeliveryEvent.Reported reported ->
                Optional.of("a report " + reported.report() + " goes to " + reported.to());
            default -> Optional.empty();
        };
    }

    private void step(Instant began, String sentence) {
        out.printf("  %6d ms  %s%n", Duration.between(began, clock.instant()).toMillis(), sentence);
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                stream.forEach(files::add);
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return files;
    }

    private static Mailbox mailbox(String text) {
        return Mailbox.parse(text).orElseThrow();
    }

    private static List<byte[]> lines(String text) {
        return text.lines().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
    }

    private String header(String to, String subject) {
        return "From: Alice <" + Playground.ALICE + ">\nTo: <" + to + ">\nSubject: " + subject + "\nDate: "
                + MailDate.format(clock.instant()) + "\n";
    }

    private String plain(String to, String subject) {
        return header(to, subject) + "\nHello,\n.a line that begins with a dot\n.\nand one that is one.\n";
    }

    private String multipart(String to, String subject) {
        byte[] attachment = new byte[ATTACHMENT_OCTETS];
        new Random(25).nextBytes(attachment);
        String encoded = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(attachment);
        return header(to, subject) + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_1\"\n\n"
                + "--=_1\nContent-Type: text/plain\n\nThe gate is open.\n"
                + "--=_1\nContent-Type: application/octet-stream; name=\"gate.bin\"\n"
                + "Content-Disposition: attachment; filename=\"gate.bin\"\nContent-Transfer-Encoding: base64\n\n"
                + encoded + "\n--=_1--\n";
    }

    private static String body(String message) {
        return message.substring(message.indexOf("\n\n") + 2);
    }
}
