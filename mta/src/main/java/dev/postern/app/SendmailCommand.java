package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import dev.postern.message.AddressList;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.DialogueListener;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.RecipientResult;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.smtpclient.Transmission;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern sendmail`: the traditional interface of programs that send mail. Speaks SMTP to the
/// running server over its local socket, so a message handed over here is as durable as any other.
///
/// Exit codes are those of sysexits.h: 0 taken, 64 wrong words, 65 nobody to send to, 67 a
/// recipient is refused, 75 try again later.
@Command(
        name = "sendmail",
        description = "Takes a message from standard input, as the program of that name has always done.",
        mixinStandardHelpOptions = true)
final class SendmailCommand implements Callable<Integer> {
    private static final int NO_RECIPIENT = 65;
    private static final int REFUSED = 67;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Option(names = "-t", description = "Recipients are those in To, Cc and Bcc; Bcc is removed.")
    private boolean recipientsFromHeader;

    @Option(
            names = {"-f", "-r"},
            paramLabel = "ADDRESS",
            description = "The reverse-path; <> for none.")
    private @Nullable String sender;

    @SuppressWarnings("UnusedVariable") // programs give it, and it must not be an error
    @Option(names = "-F", paramLabel = "NAME", description = "Accepted; the header is left as it is.", hidden = true)
    private @Nullable String fullName;

    @Option(
            names = {"-i", "-oi"},
            description = "A line with only a dot does not end the message.")
    private boolean ignoreDots;

    @Option(names = "-bs", description = "Speaks SMTP on standard input and output.")
    private boolean smtp;

    @Option(names = "-bp", description = "Lists the queue.")
    private boolean printQueue;

    @SuppressWarnings("UnusedVariable") // programs give it, and it must not be an error
    @Option(
            names = {"-bm", "-om", "-oem", "-oee", "-oep", "-oeq", "-odi", "-odb", "-odq", "-m", "-n", "-v", "-U", "-G"
            },
            description = "Accepted, without effect.",
            hidden = true)
    private boolean[] withoutEffect = {};

    @SuppressWarnings("UnusedVariable") // programs give it, and it must not be an error
    @Option(
            names = {"-B", "-N", "-R", "-V", "-O", "-X", "-h", "-L"},
            paramLabel = "VALUE",
            description = "Accepted, without effect.",
            hidden = true)
    private List<String> valuesWithoutEffect = List.of();

    @Parameters(paramLabel = "ADDRESS", arity = "0..*", description = "Recipients.")
    private List<String> addresses = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Config config = option.read();
        if (printQueue) {
            return new CommandLine(new QueueCommand.Listing())
                    .execute("--config", config.file().toString());
        }
        Path socket = LocalSubmission.socket(config);
        return smtp ? dialogue(socket) : submit(config, socket);
    }

    private int submit(Config config, Path socket) throws IOException, Failure {
        HeaderRecipients header = new HeaderRecipients(new Lines(new InputLines(System.in).iterator(), ignoreDots));
        try (OutgoingMail mail = OutgoingMail.of(recipientsFromHeader ? header : header.unread())) {
            Set<String> all = new LinkedHashSet<>(addresses);
            if (recipientsFromHeader) {
                all.addAll(header.addresses());
            }
            if (all.isEmpty()) {
                throw new Failure(NO_RECIPIENT, "nobody to send to: name recipients, or use -t with a To field");
            }
            List<Recipient> recipients = new ArrayList<>();
            for (String address : all) {
                recipients.add(Recipient.of(mailbox(address, config)));
            }
            return send(socket, config, new Envelope(reversePath(config), recipients), mail);
        }
    }

    private record Envelope(ReversePath sender, List<Recipient> recipients) {}

    private static int send(Path socket, Config config, Envelope envelope, OutgoingMail mail) throws Failure {
        SessionOpener opener = new SessionOpener(
                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                ClientSettings.standard(config.hostname().text()),
                Events.none());
        Opening opening = opener.open(
                new Endpoint.Unix(socket),
                SessionPlan.smtp(new TlsChoice.None()),
                Deadline.after(PATIENCE),
                DialogueListener.none());
        return switch (opening) {
            case Opening.Failed failed ->
                throw new Failure(Failure.TEMPORARY, "the server does not take mail now: " + failed.why());
            case Opening.Ready(SmtpClient client) -> {
                try (client) {
                    yield result(envelope, client.send(transmission(envelope, mail)));
                }
            }
        };
    }

    private static Transmission transmission(Envelope envelope, OutgoingMail mail) {
        boolean international = mail.traits().eightBitHeader()
                || envelope.recipients().stream()
                        .anyMatch(r -> !isAscii(r.path().toString()))
                || !isAscii(envelope.sender().toString());
        MailParameters plain = MailParameters.none();
        MailParameters parameters = new MailParameters(
                plain.size(),
                mail.traits().eightBit() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT,
                international,
                plain.ret(),
                plain.envelopeId(),
                plain.auth());
        return new Transmission(envelope.sender(), parameters, envelope.recipients(), "", mail, mail.traits());
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static int result(Envelope envelope, List<RecipientResult> results) {
        int worst = 0;
        for (int i = 0; i < results.size(); i++) {
            ForwardPath path = envelope.recipients().get(i).path();
            worst = Math.max(
                    worst,
                    switch (results.get(i)) {
                        case RecipientResult.Taken _ -> 0;
                        case RecipientResult.Refused refused ->
                            told(
                                    path,
                                    refused.reply().toString(),
                                    refused.reply().isPermanent() ? REFUSED : Failure.TEMPORARY);
                        case RecipientResult.Unfit unfit -> told(path, unfit.why(), REFUSED);
                        case RecipientResult.Unprotected unprotected -> told(path, unprotected.why(), REFUSED);
                        case RecipientResult.Unanswered unanswered -> told(path, unanswered.why(), Failure.TEMPORARY);
                        case RecipientResult.Unreadable unreadable -> told(path, unreadable.why(), Failure.TEMPORARY);
                    });
        }
        return worst;
    }

    private static int told(ForwardPath path, String why, int code) {
        System.err.println("postern: " + path + ": " + why);
        return code;
    }

    private ReversePath reversePath(Config config) throws Failure {
        if (sender != null && (sender.equals("<>") || sender.isEmpty())) {
            return new NullPath();
        }
        String user = Optional.ofNullable(System.getProperty("user.name")).orElse("nobody");
        return mailbox(Optional.ofNullable(sender).orElse(user), config);
    }

    /// An address; one without a domain is in the first domain of ours.
    private static Mailbox mailbox(String text, Config config) throws Failure {
        String address = text.startsWith("<") && text.endsWith(">") ? text.substring(1, text.length() - 1) : text;
        Optional<Mailbox> full = Mailbox.parse(address);
        if (full.isPresent()) {
            return full.get();
        }
        try {
            if (address.indexOf('@') < 0) {
                return Mailbox.of(
                        new LocalPart(address).value(),
                        config.domains().local().isEmpty()
                                ? config.hostname()
                                : config.domains().local().getFirst());
            }
        } catch (IllegalArgumentException notALocalPart) {
            throw new Failure(NO_RECIPIENT, "\"" + text + "\" is not an address");
        }
        throw new Failure(NO_RECIPIENT, "\"" + text + "\" is not an address");
    }

    /// Lets the program that called us speak with the server itself.
    private static int dialogue(Path socket) throws Failure {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            InputStream fromServer = Channels.newInputStream(channel);
            OutputStream toServer = Channels.newOutputStream(channel);
            Thread upward = Thread.ofVirtual().start(() -> {
                try {
                    System.in.transferTo(toServer);
                    channel.shutdownOutput();
                } catch (IOException serverGone) {
                    return; // the server ended the dialogue; the other direction notices too
                }
            });
            fromServer.transferTo(System.out);
            System.out.flush();
            upward.interrupt();
            return 0;
        } catch (IOException e) {
            throw new Failure(Failure.TEMPORARY, "the server does not take mail now: " + IoFault.sentence(e));
        }
    }

    /// Lines up to the end, or up to a lone dot where that ends a message.
    private record Lines(Iterator<byte[]> lines, boolean dotsAreContent) implements Iterable<byte[]> {
        @Override
        public Iterator<byte[]> iterator() {
            return new Iterator<>() {
                private byte @Nullable [] next = advance();

                private byte @Nullable [] advance() {
                    byte[] line = lines.hasNext() ? lines.next() : null;
                    boolean end = line != null && !dotsAreContent && line.length == 1 && line[0] == '.';
                    return end ? null : line;
                }

                @Override
                public boolean hasNext() {
                    return next != null;
                }

                @Override
                public byte[] next() {
                    byte[] line = java.util.Objects.requireNonNull(next);
                    next = advance();
                    return line;
                }
            };
        }
    }

    /// The lines of a message without its Bcc fields; once they have been gone through, the
    /// addresses in To, Cc and Bcc.
    private static final class HeaderRecipients implements Iterable<byte[]> {
        private final Iterable<byte[]> lines;
        private final List<String> addresses = new ArrayList<>();

        HeaderRecipients(Iterable<byte[]> lines) {
            this.lines = lines;
        }

        Iterable<byte[]> unread() {
            return lines;
        }

        List<String> addresses() {
            return addresses;
        }

        @Override
        public Iterator<byte[]> iterator() {
            List<byte[]> header = new ArrayList<>();
            Iterator<byte[]> rest = lines.iterator();
            StringBuilder field = new StringBuilder();
            List<byte[]> fieldLines = new ArrayList<>();
            boolean inHeader = true;
            while (inHeader && rest.hasNext()) {
                byte[] line = rest.next();
                boolean continues = line.length > 0 && (line[0] == ' ' || line[0] == '\t');
                if (!continues) {
                    endOfField(field, fieldLines, header);
                }
                inHeader = line.length > 0;
                fieldLines.add(line);
                field.append(new String(line, StandardCharsets.UTF_8)).append('\n');
            }
            header.addAll(fieldLines);
            return new Iterator<>() {
                private final Iterator<byte[]> first = header.iterator();

                @Override
                public boolean hasNext() {
                    return first.hasNext() || rest.hasNext();
                }

                @Override
                public byte[] next() {
                    return first.hasNext() ? first.next() : rest.next();
                }
            };
        }

        private void endOfField(StringBuilder field, List<byte[]> fieldLines, List<byte[]> header) {
            int colon = field.indexOf(":");
            String name = colon < 0 ? "" : field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (name.equals("to") || name.equals("cc") || name.equals("bcc")) {
                addresses.addAll(AddressList.parse(field.substring(colon + 1)));
            }
            if (!name.equals("bcc")) {
                header.addAll(fieldLines);
            }
            field.setLength(0);
            fieldLines.clear();
        }
    }
}
