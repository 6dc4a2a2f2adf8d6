package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A running OpenSMTPD with one SMTP listener on loopback that takes mail for one domain.
public final class OpenSmtpd implements AutoCloseable {
    private static final String PEER = "opensmtpd";

    // @DOMAIN@ and @PORT@ are filled in. Its queue is in memory: /var/spool is compiled in, and private to the run.
    private static final String CONFIGURATION = """
            pki own cert "/mnt/cert.pem"
            pki own key "/mnt/key.pem"
            table users { "@@DOMAIN@" = vmail }
            smtp max-message-size 512M
            listen on 127.0.0.1 port @PORT@ tls pki own hostname mx.@DOMAIN@
            action "inbox" maildir "/mnt/mail/inbox" virtual <users>
            match from any for domain "@DOMAIN@" action "inbox"
            """;

    private final Folder folder;
    private final int port;
    private final ServedPeer served;

    private OpenSmtpd(Folder folder, int port, ServedPeer served) {
        this.folder = folder;
        this.port = port;
        this.served = served;
    }

    /// Starts it on a free port: offers STARTTLS and puts all mail for the domain into one Maildir.
    public static OpenSmtpd start(Path path, String domain) throws IOException, InterruptedException {
        return start(path, domain, Ports.free());
    }

    /// The same on a given port; in the folder of an earlier one, it goes on with its Maildir.
    public static OpenSmtpd start(Path path, String domain, int port) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        Certificate.selfSigned(folder.path(), "mx." + domain);
        folder.folder("mail", Folder.VMAIL);
        folder.file("smtpd.conf", CONFIGURATION.replace("@DOMAIN@", domain).replace("@PORT@", Integer.toString(port)));
        ServedPeer served =
                ServedPeer.start(PEER, folder.path(), List.of("smtpd", "-d", "-f", "/mnt/smtpd.conf"), port);
        return new OpenSmtpd(folder, port, served);
    }

    /// Starts one with a configuration of the caller's, in which its folder is `/mnt`; its queue lies on the disk, in
    /// `spool` of the folder.
    public static OpenSmtpd startOnDisk(Path path, String configuration, int port)
            throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        folder.folder("spool", 0);
        folder.file("smtpd.conf", configuration);
        String command = "mount --bind /mnt/spool /var/spool && exec smtpd -d -f /mnt/smtpd.conf";
        return new OpenSmtpd(folder, port, ServedPeer.start(PEER, folder.path(), List.of("sh", "-c", command), port));
    }

    /// Its listener's port on 127.0.0.1.
    public int port() {
        return port;
    }

    /// The process at the root of all its processes, for looking at their memory and time under `/proc`.
    public long pid() {
        return served.pid();
    }

    /// Where all mail for its own domain arrives.
    public Maildir inbox() {
        return folder.inbox();
    }

    /// Its log so far.
    public String log() {
        return served.log();
    }

    @Override
    public void close() {
        served.close();
    }
}
