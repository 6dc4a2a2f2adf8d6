package dev.postern.blackbox;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Knot;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Postern for `final.test` that checks senders, and the name server that is its whole world.
///
/// @param postern takes mail for every local part
/// @param port where it takes mail from other servers, on 127.0.0.1
/// @param knot tells what domains publish
/// @param dkimpy signs, and checks by the same name server
record CheckedSite(Postern postern, int port, Knot knot, Dkimpy dkimpy) implements AutoCloseable {
    /// The name that its results carry.
    static final String NAME = "mail.final.test";

    /// What every client calls itself; publishes nothing.
    static final String HELO = "helo.client.test";

    private static final Pattern RESULTS =
            Pattern.compile("^Authentication-Results: mail\\.final\\.test;((?:[^\n]|\n[ \t])*)\n", Pattern.MULTILINE);
    private static final Pattern RESULT = Pattern.compile("(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^;\"])+");
    private static final Pattern REASON = Pattern.compile(" reason=(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s;]+)");
    private static final Pattern ID = Pattern.compile("\\(id (\\w+)\\)");

    /// Starts both in this folder.
    ///
    /// @param records what the world publishes, a master file with names that end in a dot
    /// @param broken domains whose name servers fail
    /// @param more configuration
    static CheckedSite start(Path folder, String records, List<String> broken, String more)
            throws IOException, InterruptedException {
        Knot knot = Knot.start(folder.resolve("knot"), records, broken);
        try {
            int mx = Ports.free();
            Postern postern = Postern.start(folder.resolve("postern"), """
                            hostname = "mail.final.test"
                            [listen]
                            mx = ["127.0.0.1:%d"]
                            [domains]
                            local = ["final.test"]
                            recipients = "any"
                            postmaster = "joe@final.test"
                            [dns]
                            servers = ["127.0.0.1:%d"]
                            [authentication]
                            verify = true
                            """.formatted(mx, knot.port()) + more, mx);
            return new CheckedSite(postern, mx, knot, Dkimpy.at(folder.resolve("dkimpy"), knot.port()));
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            knot.close();
            throw failed;
        }
    }

    /// Starts a server of `origin.test` in the same world, which reads the reports that come to an inbox.
    ///
    /// @param home its folder
    /// @param mx where it takes mail from other servers, on 127.0.0.1
    /// @param inbox an address of joe's
    Postern startOwner(Path home, int mx, String inbox) throws IOException, InterruptedException {
        Site.accounts(home, "joe@origin.test");
        return Postern.start(home, """
                hostname = "mail.origin.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["origin.test"]
                postmaster = "joe@origin.test"
                [dns]
                servers = ["127.0.0.1:%d"]
                [authentication]
                verify = true
                [reports]
                read = ["%s"]
                """.formatted(mx, knot.port(), inbox), mx);
    }

    /// One message on its way.
    ///
    /// @param client the address of ours that brings it
    /// @param helo the name that it gives
    /// @param sender the argument of MAIL behind `FROM:`, such as `<a@b.test>`
    /// @param recipient the local part
    /// @param octets with CRLF
    @SuppressWarnings("ArrayRecordComponent") // octets to be sent, never compared
    record Mail(String client, String helo, String sender, String recipient, byte[] octets) {}

    /// Brings a message in a session of its own.
    ///
    /// @return the first reply that refuses something, or the last
    RawSmtp.Reply bring(Mail mail) throws IOException {
        try (RawSmtp smtp = RawSmtp.connect(InetAddress.ofLiteral(mail.client()), port)) {
            Site.expect(220, smtp.reply());
            RawSmtp.Reply reply = smtp.command("EHLO " + mail.helo());
            for (String command :
                    List.of("MAIL FROM:" + mail.sender(), "RCPT TO:<" + mail.recipient() + "@final.test>", "DATA")) {
                if (reply.code() == 250) {
                    reply = smtp.command(command);
                }
            }
            if (reply.code() == 354) {
                smtp.send(Octets.stuffed(mail.octets()));
                smtp.send(".\r\n");
                reply = smtp.reply();
            }
            return reply;
        }
    }

    /// The message that arrived for a local part, lines with LF, one char an octet.
    String arrived(String recipient) throws IOException, InterruptedException {
        Maildir inbox = new Maildir(postern.folder().resolve("mail/final.test").resolve(recipient));
        byte[] octets = inbox.awaitMessages(1, Site.SOON, postern::log).getFirst();
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /// The fields with our results in a message, from the top, each a list of results without their
    /// reasons.
    static List<List<String>> results(String message) {
        String header = message.substring(0, message.indexOf("\n\n") + 1);
        List<List<String>> fields = new ArrayList<>();
        Matcher field = RESULTS.matcher(header);
        while (field.find()) {
            String all =
                    REASON.matcher(field.group(1).replaceAll("\n[ \t]", " ")).replaceAll("");
            fields.add(RESULT.matcher(all)
                    .results()
                    .map(result -> result.group().strip())
                    .toList());
        }
        return fields;
    }

    /// The id that stands at the end of a refusal.
    static String id(RawSmtp.Reply refusal) {
        Matcher id = ID.matcher(refusal.toString());
        if (!id.find()) {
            throw new AssertionError("no id in " + refusal);
        }
        return id.group(1);
    }

    @Override
    public void close() {
        postern.close();
        knot.close();
    }
}
