package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A running Exim with one SMTP listener on loopback: takes mail for its own domain, and anything else from loopback.
public final class Exim implements AutoCloseable {
    private static final String PEER = "exim";

    // @DOMAIN@ and @NEXT@ are filled in. Local parts that begin with "unknown" do not exist.
    private static final String CONFIGURATION = """
            exim_user = Debian-exim
            primary_hostname = mx.@DOMAIN@
            qualify_domain = @DOMAIN@
            domainlist local_domains = @DOMAIN@
            spool_directory = /mnt/spool
            log_file_path = /mnt/log/%slog
            pid_file_path = /mnt/spool/exim.pid
            log_selector = +tls_cipher +smtp_protocol_error +received_recipients
            keep_environment =
            add_environment = PATH=/usr/sbin:/usr/bin
            tls_advertise_hosts = *
            tls_certificate = /mnt/cert.pem
            tls_privatekey = /mnt/key.pem
            acl_smtp_rcpt = rcpt
            smtp_accept_max = 200
            smtp_accept_queue_per_connection = 0
            smtp_accept_max_per_connection = 100000
            smtputf8_advertise_hosts = *
            message_size_limit = 0
            rfc1413_query_timeout = 0s
            host_lookup =
            never_users =

            begin acl
            rcpt:
              deny local_parts = ^unknown
                   message = no such user
              accept domains = +local_domains
              accept hosts = 127.0.0.1

            begin routers
            inbox:
              driver = accept
              domains = +local_domains
              transport = maildir
            onward:
              driver = manualroute
              transport = smtp
              route_list = * "127.0.0.1::@NEXT@"
              self = send

            begin transports
            maildir:
              driver = appendfile
              directory = /mnt/mail/inbox
              maildir_format
              create_directory
              delivery_date_add
              envelope_to_add
              return_path_add
              user = vmail
              group = vmail
            smtp:
              driver = smtp
              hosts_require_tls = *
              tls_verify_certificates =

            begin retry
            * * F,1h,1s
            """;

    private final Folder folder;
    private final int port;
    private final ServedPeer served;

    private Exim(Folder folder, int port, ServedPeer served) {
        this.folder = folder;
        this.port = port;
        this.served = served;
    }

    /// Starts a receiver on a free port: offers STARTTLS and puts all mail for the domain into one Maildir.
    public static Exim start(Path path, String domain) throws IOException, InterruptedException {
        return start(path, domain, Ports.free());
    }

    /// The same on a given port; in the folder of an earlier one, it goes on with its queue and its Maildir.
    public static Exim start(Path path, String domain, int port) throws IOException, InterruptedException {
        // Nobody listens on the discard port here: what is not for the domain stays in the queue.
        return start(path, domain, port, 9);
    }

    /// Starts one that hands what is not for its domain to a port of 127.0.0.1, under STARTTLS or not at all, and tries
    /// again each second.
    public static Exim relay(Path path, String domain, int next) throws IOException, InterruptedException {
        return start(path, domain, Ports.free(), next);
    }

    /// Starts one with a configuration of the caller's, in which its folder is `/mnt`; `spool` and `log`
    /// in that are its own.
    ///
    /// @param options on the command line, besides the port
    public static Exim start(Path path, String configuration, int port, List<String> options)
            throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        folder.folder("spool", Folder.EXIM);
        folder.folder("log", Folder.EXIM);
        folder.file("exim.conf", configuration);
        List<String> command = new ArrayList<>(List.of("exim4", "-bdf", "-oX", "127.0.0.1." + port));
        command.addAll(options);
        return new Exim(folder, port, ServedPeer.start(PEER, folder.path(), command, port));
    }

    private static Exim start(Path path, String domain, int port, int next) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        Certificate certificate = Certificate.selfSigned(folder.path(), "mx." + domain);
        // Exim reads its key after it has dropped its privileges.
        Files.setAttribute(certificate.key(), "unix:uid", Folder.EXIM);
        folder.folder("spool", Folder.EXIM);
        folder.folder("log", Folder.EXIM);
        folder.folder("mail", Folder.VMAIL);
        // The compiled-in place of the configuration is a link to this file.
        folder.file("exim.conf", CONFIGURATION.replace("@DOMAIN@", domain).replace("@NEXT@", Integer.toString(next)));
        ServedPeer served = ServedPeer.start(
                PEER, folder.path(), List.of("exim4", "-bdf", "-q1s", "-oX", "127.0.0.1." + port), port);
        return new Exim(folder, port, served);
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

    /// Its main log, reject log and panic log so far, and what it wrote to its outputs.
    public String log() {
        return ServedPeer.read(folder.path().resolve("log/mainlog"))
                + ServedPeer.read(folder.path().resolve("log/rejectlog"))
                + ServedPeer.read(folder.path().resolve("log/paniclog"))
                + served.log();
    }

    @Override
    public void close() {
        served.close();
    }
}
