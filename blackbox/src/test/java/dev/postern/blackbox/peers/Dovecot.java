package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A running Dovecot: LMTP on a TCP port (with STARTTLS) and on a Unix socket, and IMAP to read any Maildir.
public final class Dovecot implements AutoCloseable {
    private static final String PEER = "dovecot";
    private static final String PASSWORD = "secret";

    // The account that reads foreign Maildirs, each as one of its folders.
    private static final String READER = "reader";

    // @LMTP@ and @IMAP@ are filled in.
    private static final String CONFIGURATION = """
            base_dir = /run/dovecot
            state_dir = /run/dovecot-state
            log_path = /dev/stderr
            protocols = imap lmtp
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = </mnt/cert.pem
            ssl_key = </mnt/key.pem
            disable_plaintext_auth = no
            auth_username_format = %n
            mail_location = maildir:/mnt/mail/%n
            first_valid_uid = 1
            default_login_user = dovenull
            default_internal_user = dovecot
            passdb {
              driver = passwd-file
              args = scheme=PLAIN /mnt/users
            }
            userdb {
              driver = static
              args = uid=vmail gid=vmail home=/mnt/mail/%n
            }
            service imap-login {
              inet_listener imap {
                port = @IMAP@
              }
              inet_listener imaps {
                port = 0
              }
            }
            service lmtp {
              inet_listener lmtp {
                port = @LMTP@
              }
              unix_listener /mnt/lmtp.sock {
                mode = 0666
              }
            }
            """;

    private final Folder folder;
    private final int lmtpPort;
    private final int imapPort;
    private final ServedPeer served;

    private Dovecot(Folder folder, int lmtpPort, int imapPort, ServedPeer served) {
        this.folder = folder;
        this.lmtpPort = lmtpPort;
        this.imapPort = imapPort;
        this.served = served;
    }

    /// Starts it in this folder.
    ///
    /// @param users local parts that LMTP delivers to, in whatever domain; all others are refused
    public static Dovecot start(Path path, String... users) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        int lmtp = Ports.free();
        int imap = Ports.free();
        Certificate.selfSigned(folder.path(), "dovecot.test");
        folder.folder("mail", Folder.VMAIL);
        folder.file(
                "users",
                Stream.concat(Arrays.stream(users), Stream.of(READER))
                        .map(user -> user + ":{PLAIN}" + PASSWORD + "\n")
                        .collect(Collectors.joining()));
        folder.file(
                "dovecot.conf",
                CONFIGURATION.replace("@LMTP@", Integer.toString(lmtp)).replace("@IMAP@", Integer.toString(imap)));
        ServedPeer served =
                ServedPeer.start(PEER, folder.path(), List.of("dovecot", "-F", "-c", "/mnt/dovecot.conf"), lmtp, imap);
        return new Dovecot(folder, lmtp, imap, served);
    }

    /// The port of LMTP on 127.0.0.1.
    public int lmtpPort() {
        return lmtpPort;
    }

    /// The Unix socket of LMTP, open to everybody.
    public Path lmtpSocket() {
        return folder.path().resolve("lmtp.sock");
    }

    /// The inbox of a user.
    public Maildir inbox(String user) {
        return new Maildir(folder.path().resolve("mail").resolve(user));
    }

    /// What Dovecot shows of a Maildir that somebody else wrote: the octets of each message as IMAP gives
    /// them, in the order in which Dovecot numbers them. It reads a copy, for a reader changes a Maildir.
    public List<byte[]> read(Maildir foreign) throws IOException, InterruptedException {
        String copy = UUID.randomUUID().toString();
        folder.folder("mail/" + READER, Folder.VMAIL);
        folder.folder("mail/" + READER + "/." + copy, Folder.VMAIL);
        for (String subfolder : List.of("new", "cur", "tmp")) {
            Path into = folder.folder("mail/" + READER + "/." + copy + "/" + subfolder, Folder.VMAIL);
            copyFiles(foreign.root().resolve(subfolder), into);
        }
        try (ImapReader reader = ImapReader.login(imapPort, READER, PASSWORD)) {
            return reader.messages(copy);
        }
    }

    private static void copyFiles(Path from, Path into) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Path copied = Files.copy(file, into.resolve(file.getFileName().toString()));
                Files.setAttribute(copied, "unix:uid", Folder.VMAIL);
                Files.setAttribute(copied, "unix:gid", Folder.VMAIL);
            }
        }
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
