package dev.postern.blackbox;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// What the scenarios share: the site `postern.test`, its accounts with a known password, and the
/// dialogues that every test needs.
final class Site {
    /// How long anything is waited for that should be there at once.
    static final Duration SOON = Duration.ofSeconds(30);

    /// The password of every account.
    static final String PASSWORD = "secret";

    // Argon2id of the password, as the account file keeps it.
    private static final String HASH =
            "$argon2id$v=19$m=19456,t=2,p=1$DuMYwbAV+kIsRd3/y4z48Q$" + "46QDu+cOVKjU/t7yzBsI8XE6exu0rYFBt1YTJpnjcIU";

    private Site() {}

    /// Writes the account file of a server in this folder.
    static void accounts(Path folder, String... addresses) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("accounts"), lines(addresses));
    }

    private static List<String> lines(String... addresses) {
        List<String> lines = new ArrayList<>();
        for (String address : addresses) {
            lines.add(address + " " + HASH);
        }
        return lines;
    }

    /// The argument of AUTH for PLAIN with the password of all accounts.
    static String plain(String user) {
        return plain(user, PASSWORD);
    }

    /// The argument of AUTH for PLAIN.
    static String plain(String user, String password) {
        byte[] octets = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return "PLAIN " + Base64.getEncoder().encodeToString(octets);
    }

    /// Opens a session on a listener for other servers, up to its EHLO.
    static RawSmtp greeted(int port) throws IOException {
        return greeted(RawSmtp.connect(port));
    }

    /// The same from this address.
    static RawSmtp greeted(InetAddress from, int port) throws IOException {
        return greeted(RawSmtp.connect(from, port));
    }

    private static RawSmtp greeted(RawSmtp smtp) throws IOException {
        expect(220, smtp.reply());
        expect(250, smtp.command("EHLO client.test"));
        return smtp;
    }

    /// Opens a session on a listener with STARTTLS and logs in.
    static RawSmtp loggedIn(int port, String user) throws IOException {
        RawSmtp smtp = greeted(port);
        expect(220, smtp.startTls());
        expect(250, smtp.command("EHLO client.test"));
        expect(235, smtp.command("AUTH " + plain(user)));
        return smtp;
    }

    /// Sends a message of these octets by DATA within an open session.
    ///
    /// @param octets lines with CRLF, also the last one
    /// @return the reply to the end of the data
    static RawSmtp.Reply transfer(RawSmtp smtp, byte[] octets, String from, String... to) throws IOException {
        envelope(smtp, from, to);
        expect(354, smtp.command("DATA"));
        smtp.send(Octets.stuffed(octets));
        smtp.send(".\r\n");
        return smtp.reply();
    }

    /// Names the sender and the recipients, all of which are taken.
    static void envelope(RawSmtp smtp, String from, String... to) throws IOException {
        expect(250, smtp.command("MAIL FROM:<" + from + "> BODY=8BITMIME"));
        for (String recipient : to) {
            expect(250, smtp.command("RCPT TO:<" + recipient + ">"));
        }
    }

    /// A short message with this subject.
    static byte[] message(String subject) {
        return ("From: <me@example.test>\r\nSubject: " + subject + "\r\n\r\nHello.\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /// What a command printed.
    ///
    /// @throws AssertionError when it failed
    static String output(Finished command) {
        if (command.exitCode() != 0) {
            throw new AssertionError(command.toString());
        }
        return command.output();
    }

    /// @throws AssertionError when it is another code
    static void expect(int code, RawSmtp.Reply reply) {
        if (reply.code() != code) {
            throw new AssertionError("expected " + code + ", got " + reply);
        }
    }
}
