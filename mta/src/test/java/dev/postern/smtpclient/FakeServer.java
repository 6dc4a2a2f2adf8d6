package dev.postern.smtpclient;

import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Pace;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A small server that answers as the addresses say: the sender `m450.d354.e250@…` gets 450 to MAIL, 354 to DATA and
/// 250 to the end; the recipient `r550@…` gets 550 to RCPT, by LMTP `r250.e452@…` 452 to the end; `c451` in the
/// sender is the reply to a chunk that is not the last. What is not named is answered well. It can have one fault, at
/// one of its replies.
public final class FakeServer {
    /// What it does instead of a reply.
    public enum Fault {
        /// Closes the connection.
        DROP,
        /// Says 421 and closes.
        CLOSING,
        /// Says 421 and stays, silent.
        CLOSING_WITHOUT_CLOSING,
        /// Says what is no reply.
        GARBAGE,
        /// Says a line without end.
        ENDLESS_LINE,
        /// Says a reply without end.
        ENDLESS_REPLY,
        /// Says half a reply, then closes.
        HALF,
        /// Says a reply that fits nowhere.
        MISFIT,
        /// Says nothing any more.
        SILENCE
    }

    /// What it can do and what is wrong with it.
    ///
    /// @param faultAt at which of its replies the fault is, the greeting being 0; -1 for none
    /// @param upgrade how it starts TLS
    /// @param maxRecipients accepted in one transaction, further ones get 452 4.5.3
    public record Behaviour(
            boolean lmtp,
            String greeting,
            int ehlo,
            List<String> capabilities,
            Fault fault,
            int faultAt,
            Optional<TlsUpgrade> upgrade,
            int startTls,
            int maxRecipients) {
        public static Behaviour offering(String... capabilities) {
            return new Behaviour(
                    false, "220 fake ESMTP", 250, List.of(capabilities), Fault.DROP, -1, Optional.empty(), 220, 1000);
        }

        public Behaviour byLmtp() {
            return new Behaviour(true, greeting, ehlo, capabilities, fault, faultAt, upgrade, startTls, maxRecipients);
        }

        public Behaviour greeting(String line) {
            return new Behaviour(lmtp, line, ehlo, capabilities, fault, faultAt, upgrade, startTls, maxRecipients);
        }

        public Behaviour answeringEhlo(int code) {
            return new Behaviour(lmtp, greeting, code, capabilities, fault, faultAt, upgrade, startTls, maxRecipients);
        }

        public Behaviour failing(Fault how, int at) {
            return new Behaviour(lmtp, greeting, ehlo, capabilities, how, at, upgrade, startTls, maxRecipients);
        }

        public Behaviour encrypting(TlsUpgrade how) {
            return new Behaviour(
                    lmtp, greeting, ehlo, capabilities, fault, faultAt, Optional.of(how), startTls, maxRecipients);
        }

        public Behaviour answeringStartTls(int code) {
            return new Behaviour(lmtp, greeting, ehlo, capabilities, fault, faultAt, upgrade, code, maxRecipients);
        }

        public Behaviour takingAtATime(int recipients) {
            return new Behaviour(lmtp, greeting, ehlo, capabilities, fault, faultAt, upgrade, startTls, recipients);
        }
    }

    /// A message that it took, or at least heard to its end.
    ///
    /// @param recipients those it accepted
    public record Heard(String mail, List<String> recipients, String content) {}

    private static final Pattern WORD = Pattern.compile("\\b([mdecr])(\\d{3})\\b");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Behaviour behaviour;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Heard> messages = new CopyOnWriteArrayList<>();
    private int replies;
    private boolean over;
    private String mail = "";
    private List<String> accepted = new ArrayList<>();
    private final StringBuilder chunks = new StringBuilder();
    private Optional<Integer> badChunk = Optional.empty();

    public FakeServer(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    /// What it was told, commands only.
    public List<String> commands() {
        return commands;
    }

    /// What it heard to the end.
    public List<Heard> messages() {
        return messages;
    }

    /// Serves one connection until either side ends it.
    public void serve(Connection connection) {
        try (connection) {
            say(connection, behaviour.greeting());
            while (!over) {
                if (connection.buffered() == 0) {
                    connection.flush(deadline());
                }
                String line = connection.readLine(4000, deadline()).latin1();
                commands.add(line);
                handle(connection, line);
            }
            connection.flush(deadline());
        } catch (IOException clientGone) {
            over = true; // how a session with a client ends that has had enough of the faults
        }
    }

    private static Deadline deadline() {
        return Deadline.after(PATIENCE);
    }

    private void handle(Connection connection, String line) throws IOException {
        String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO", "LHLO" -> hello(connection, verb);
            case "HELO" -> say(connection, "250 fake");
            case "STARTTLS" -> startTls(connection);
            case "AUTH" -> auth(connection, line);
            case "MAIL" -> {
                int code = told(line, 'm', 250);
                mail = code < 300 ? line : "";
                accepted = new ArrayList<>();
                chunks.setLength(0);
                badChunk = Optional.empty();
                say(connection, code + " for mail");
            }
            case "RCPT" -> rcpt(connection, line);
            case "DATA" -> data(connection);
            case "BDAT" -> bdat(connection, line);
            case "RSET" -> {
                mail = "";
                accepted = new ArrayList<>();
                say(connection, "250 2.0.0 reset");
            }
            case "QUIT" -> {
                say(connection, "221 2.0.0 bye");
                over = true;
            }
            default -> say(connection, "500 5.5.1 what");
        }
    }

    private void hello(Connection connection, String verb) throws IOException {
        if (behaviour.ehlo() != 250 || behaviour.lmtp() != verb.equals("LHLO")) {
            say(connection, (behaviour.ehlo() == 250 ? 500 : behaviour.ehlo()) + " no");
            return;
        }
        List<String> lines = new ArrayList<>(List.of("fake greets you"));
        boolean secure = connection.tls().isPresent();
        behaviour.capabilities().stream()
                .filter(c -> !(secure && c.equals("STARTTLS")))
                .filter(c -> secure || !c.startsWith("AUTH"))
                .forEach(lines::add);
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            reply.append(i == 0 ? "" : "\r\n")
                    .append(250)
                    .append(i + 1 < lines.size() ? '-' : ' ')
                    .append(lines.get(i));
        }
        say(connection, reply.toString());
    }

    private void startTls(Connection connection) throws IOException {
        say(connection, behaviour.startTls() + " go ahead");
        if (behaviour.startTls() == 220) {
            connection.flush(deadline());
            connection.startTls(behaviour.upgrade().orElseThrow(), deadline());
        }
    }

    /// Knows `user` with the password `secret`.
    private void auth(Connection connection, String line) throws IOException {
        String given;
        if (line.startsWith("AUTH PLAIN ")) {
            given = decode(line.substring("AUTH PLAIN ".length()));
        } else if (line.equals("AUTH PLAIN")) {
            given = decode(prompt(connection, "334 "));
        } else {
            given = "\0" + decode(prompt(connection, "334 VXNlcm5hbWU6")) + "\0"
                    + decode(prompt(connection, "334 UGFzc3dvcmQ6"));
        }
        say(connection, given.matches("(?s)\0user\0(secret)+") ? "235 2.7.0 ok" : "535 5.7.8 no");
    }

    private String prompt(Connection connection, String question) throws IOException {
        say(connection, question);
        connection.flush(deadline());
        return connection.readLine(12_000, deadline()).latin1();
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private void rcpt(Connection connection, String line) throws IOException {
        int code = mail.isEmpty() ? 503 : told(line, 'r', 250);
        if (code < 300 && accepted.size() == behaviour.maxRecipients()) {
            say(connection, "452 4.5.3 too many");
            return;
        }
        if (code < 300) {
            accepted.add(line);
        }
        say(connection, code + " for rcpt");
    }

    private void data(Connection connection) throws IOException {
        int code = told(mail, 'd', mail.isEmpty() ? 503 : accepted.isEmpty() ? 554 : 354);
        say(connection, code + " for data");
        if (code != 354 || over) {
            return;
        }
        connection.flush(deadline());
        StringBuilder content = new StringBuilder();
        connection.readContent(
                (octets, offset, length) -> content.append(text(octets, offset, length)),
                new Pace(PATIENCE, 1),
                deadline());
        end(connection, content.toString());
    }

    private void bdat(Connection connection, String line) throws IOException {
        String[] words = line.split(" ", -1);
        boolean last = words.length > 2;
        connection.readChunk(
                Long.parseLong(words[1]),
                (octets, offset, length) -> chunks.append(text(octets, offset, length)),
                new Pace(PATIENCE, 1),
                deadline());
        if (mail.isEmpty() || accepted.isEmpty() || badChunk.isPresent()) {
            say(connection, "503 5.5.1 no transaction");
        } else if (last) {
            end(connection, chunks.toString());
        } else {
            int code = told(mail, 'c', 250);
            badChunk = code < 300 ? Optional.empty() : Optional.of(code);
            say(connection, code + " for chunk");
        }
    }

    private static String text(byte[] octets, int offset, int length) {
        return new String(octets, offset, length, StandardCharsets.ISO_8859_1);
    }

    private void end(Connection connection, String content) throws IOException {
        messages.add(new Heard(mail, List.copyOf(accepted), content));
        List<Integer> codes = behaviour.lmtp()
                ? accepted.stream().map(rcpt -> told(rcpt, 'e', 250)).toList()
                : List.of(told(mail, 'e', accepted.isEmpty() ? 554 : 250));
        boolean reset = codes.stream().anyMatch(code -> code < 300);
        if (reset) {
            mail = "";
        }
        accepted = new ArrayList<>();
        for (int code : codes) {
            say(connection, code + " for the end");
        }
    }

    private static int told(String line, char what, int otherwise) {
        Matcher m = WORD.matcher(line);
        while (m.find()) {
            if (m.group(1).charAt(0) == what) {
                return Integer.parseInt(m.group(2));
            }
        }
        return otherwise;
    }

    private void say(Connection connection, String reply) throws IOException {
        if (over) {
            return;
        }
        if (replies++ != behaviour.faultAt()) {
            write(connection, reply + "\r\n");
            return;
        }
        switch (behaviour.fault()) {
            case DROP -> over = true;
            case CLOSING -> {
                write(connection, "421 4.3.2 closing\r\n");
                over = true;
            }
            case CLOSING_WITHOUT_CLOSING -> {
                write(connection, "421 4.3.2 closing\r\n");
                silence(connection);
            }
            case GARBAGE -> write(connection, "\u0001\u0002garbage\u00ff\r\n");
            case ENDLESS_LINE -> {
                connection.write("250 ".getBytes(StandardCharsets.US_ASCII), deadline());
                endlessly(connection, "x".repeat(1000));
            }
            case ENDLESS_REPLY -> endlessly(connection, "250-more\r\n");
            case HALF -> {
                write(connection, "25");
                over = true;
            }
            case MISFIT -> write(connection, "334 what\r\n");
            case SILENCE -> silence(connection);
        }
    }

    private static void write(Connection connection, String text) throws IOException {
        connection.write(text.getBytes(StandardCharsets.ISO_8859_1), deadline());
    }

    private void silence(Connection connection) throws IOException {
        connection.flush(deadline());
        over = true;
        while (true) { // until the client goes, which throws
            connection.readLine(1000, deadline());
        }
    }

    private void endlessly(Connection connection, String text) throws IOException {
        over = true;
        while (true) { // until the client goes, which throws
            write(connection, text);
            connection.flush(deadline());
        }
    }
}
