package dev.postern.smtpclient;

import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What tests send, and with what they send it.
final class Post {
    static final String CONTENT = "Subject: x\r\n\r\n.hello\r\n..\r\nbye\r\n";
    static final String TRACE = "Received: by client\r\n";
    static final Endpoint SERVER = new Endpoint.Memory("server");

    /// Patience that no test waits for: a test that needs it has failed.
    private static final Duration LONG = Duration.ofSeconds(20);

    /// Patience that ends in every test with a silent server.
    private static final Duration SOON = Duration.ofMillis(30);

    private Post() {}

    static Transmission plain(String sender, String... recipients) {
        return of(sender, MailParameters.none(), CONTENT, recipients);
    }

    static Transmission of(String sender, MailParameters parameters, String content, String... recipients) {
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        String latin = new String(octets, StandardCharsets.ISO_8859_1);
        int header = latin.indexOf("\r\n\r\n");
        return new Transmission(
                path(sender),
                parameters,
                Stream.of(recipients).map(r -> Recipient.of(mailbox(r))).toList(),
                TRACE,
                Content.of(octets),
                new ContentTraits(
                        octets.length,
                        isEightBit(latin),
                        isEightBit(latin.substring(0, header < 0 ? latin.length() : header)),
                        latin.lines().mapToInt(String::length).max().orElse(0)));
    }

    private static boolean isEightBit(String latin) {
        return latin.chars().anyMatch(c -> c > 127);
    }

    static ReversePath path(String text) {
        return text.isEmpty() ? new NullPath() : mailbox(text);
    }

    static Mailbox mailbox(String text) {
        int at = text.lastIndexOf('@');
        return Mailbox.of(text.substring(0, at), DomainName.of(text.substring(at + 1)));
    }

    static MailParameters parameters(BodyType body, boolean smtpUtf8) {
        return new MailParameters(
                OptionalLong.empty(), body, smtpUtf8, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// A deadline that no test waits for.
    static Deadline soon() {
        return Deadline.after(LONG);
    }

    /// Settings under which no time-out is reached.
    static ClientSettings patient(int chunk) {
        return new ClientSettings(
                "client.example.org",
                new ClientTimeouts(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
                chunk);
    }

    /// Settings for servers that may say nothing at any step.
    static ClientSettings impatient() {
        return impatient(SOON);
    }

    /// Settings for servers that say nothing once the session is open.
    static ClientSettings impatientOnceOpen() {
        return impatient(LONG);
    }

    private static ClientSettings impatient(Duration opening) {
        return new ClientSettings(
                "client.example.org",
                new ClientTimeouts(LONG, opening, opening, LONG, opening, SOON, SOON, SOON, LONG, SOON, SOON, LONG),
                1 << 16);
    }

    static Opening open(Connector connector, ClientSettings settings, SessionPlan plan) {
        return new SessionOpener(connector, settings, Events.none())
                .open(SERVER, plan, Deadline.after(LONG), DialogueListener.none());
    }

    static SmtpClient client(Connector connector, ClientSettings settings, SessionPlan plan) {
        return switch (open(connector, settings, plan)) {
            case Opening.Ready(SmtpClient client) -> client;
            case Opening.Failed failed -> throw new AssertionError("no session: " + failed);
        };
    }

    static SessionPlan clear() {
        return SessionPlan.smtp(new TlsChoice.None());
    }

    /// A result in a few words: `taken 250`, `refused RCPT 550`, `unfit 5.6.3`, `unanswered CONTENT sent`.
    static String words(RecipientResult result) {
        return switch (result) {
            case RecipientResult.Taken taken -> "taken " + taken.reply().code();
            case RecipientResult.Refused refused ->
                "refused " + refused.step() + " " + refused.reply().code();
            case RecipientResult.Unfit unfit -> "unfit " + unfit.status();
            case RecipientResult.Unprotected unprotected -> "unprotected " + unprotected.status();
            case RecipientResult.Unanswered unanswered ->
                "unanswered " + unanswered.step() + (unanswered.contentSent() ? " sent" : "");
            case RecipientResult.Unreadable _ -> "unreadable";
        };
    }

    static List<String> words(List<RecipientResult> results) {
        return results.stream().map(Post::words).toList();
    }
}
