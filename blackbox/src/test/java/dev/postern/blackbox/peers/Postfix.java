package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A running Postfix with one SMTP listener on loopback.
public final class Postfix implements AutoCloseable {
    private static final String PEER = "postfix";
    private static final Duration BOUND = Duration.ofSeconds(60);

    // The services of Postfix's own master.cf, without chroot; the listener is put before them.
    private static final String SERVICES = """
            pickup unix n - n 1 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            proxywrite unix - - n - 1 proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            virtual unix - n n - - virtual
            lmtp unix - - n - - lmtp
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd
            """;

    private final Folder folder;
    private final int port;
    private final ServedPeer served;

    private Postfix(Folder folder, int port, ServedPeer served) {
        this.folder = folder;
        this.port = port;
        this.served = served;
    }

    /// How its SMTP client uses TLS.
    public enum Tls {
        /// Never.
        NONE,
        /// Where the server offers STARTTLS; whatever its certificate.
        MAY,
        /// Always, or the mail waits; whatever the server's certificate.
        ENCRYPT,
        /// As the TLSA records of the server say, where its resolver vouches for them; else where it is offered.
        DANE;

        private String level() {
            return switch (this) {
                case NONE -> "none";
                case MAY -> "may";
                case ENCRYPT -> "encrypt";
                case DANE -> "dane";
            };
        }
    }

    /// What one Postfix is to do: the port of its listener and its main.cf.
    ///
    /// @param port on 127.0.0.1
    /// @param main parameters of main.cf on top of what every Postfix here has
    /// @param services lines of master.cf on top of Postfix's own
    public record Settings(int port, Map<String, String> main, List<String> services) {
        public Settings {
            main = Map.copyOf(main);
            services = List.copyOf(services);
        }

        private Settings(int port, Map<String, String> main) {
            this(port, main, List.of());
        }

        /// Takes mail for one domain, offers STARTTLS, and puts everything into one Maildir. Local parts that begin
        /// with `unknown` do not exist.
        public static Settings receiver(String domain) throws IOException {
            return new Settings(
                    Ports.free(),
                    Map.of("myhostname", "mx." + domain, "virtual_mailbox_domains", domain, "mynetworks", ""));
        }

        /// Takes mail for anybody from loopback and hands all of it to one port of loopback; tries again each second.
        public static Settings relay(int next, Tls tls) throws IOException {
            return onward(tls).with("relayhost", "[127.0.0.1]:" + next);
        }

        /// Takes mail for anybody from loopback and brings it where DNS says; tries again each second. A file
        /// `resolv.conf` in its folder names the resolver that it believes.
        public static Settings sender(Tls tls) throws IOException {
            return onward(tls).with("smtp_host_lookup", "dns").with("smtp_dns_support_level", "dnssec");
        }

        private static Settings onward(Tls tls) throws IOException {
            return new Settings(
                    Ports.free(),
                    Map.of(
                            "myhostname",
                            "relay.postfix.test",
                            "mynetworks",
                            "127.0.0.0/8",
                            "smtp_tls_security_level",
                            tls.level(),
                            "minimal_backoff_time",
                            "1s",
                            "maximal_backoff_time",
                            "2s",
                            "queue_run_delay",
                            "1s"));
        }

        /// The same, with one more parameter of main.cf, or another value for one.
        public Settings with(String parameter, String value) {
            Map<String, String> more = new LinkedHashMap<>(main);
            more.put(parameter, value);
            return new Settings(port, more, services);
        }

        /// The same, with one more service of master.cf.
        public Settings withService(String line) {
            List<String> more = new ArrayList<>(services);
            more.add(line);
            return new Settings(port, main, more);
        }
    }

    /// Starts it in this folder; returns when it listens.
    public static Postfix start(Path path, Settings settings) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        Certificate.selfSigned(folder.path(), settings.main().getOrDefault("myhostname", "postfix.test"));
        folder.folder("data", Folder.POSTFIX);
        folder.folder("mail", Folder.VMAIL);
        folder.folder("queue", 0);
        folder.file("conf/mailboxes", "if !/^unknown/\n/./ inbox/\nendif\n");
        folder.file("conf/main.cf", mainCf(settings));
        folder.file(
                "conf/master.cf",
                "127.0.0.1:" + settings.port() + " inet n - n - - smtpd\n" + SERVICES
                        + settings.services().stream().map(line -> line + "\n").collect(Collectors.joining()));
        ServedPeer served = ServedPeer.start(
                PEER, folder.path(), List.of("postfix", "-c", "/mnt/conf", "start-fg"), settings.port());
        return new Postfix(folder, settings.port(), served);
    }

    private static String mainCf(Settings settings) {
        Map<String, String> main = new LinkedHashMap<>();
        main.put("compatibility_level", "3.6");
        main.put("maillog_file", "/dev/stdout");
        main.put("config_directory", "/mnt/conf");
        main.put("queue_directory", "/mnt/queue");
        main.put("data_directory", "/mnt/data");
        main.put("daemon_directory", "/usr/lib/postfix/sbin");
        main.put("command_directory", "/usr/sbin");
        main.put("shlib_directory", "/usr/lib/postfix");
        main.put("meta_directory", "/etc/postfix");
        main.put("mail_owner", "postfix");
        main.put("setgid_group", "postdrop");
        main.put("inet_interfaces", "loopback-only");
        main.put("inet_protocols", "ipv4");
        main.put("mydestination", "");
        main.put("local_recipient_maps", "");
        main.put("local_transport", "error:there is no local delivery");
        main.put("alias_maps", "");
        main.put("append_dot_mydomain", "no");
        main.put("message_size_limit", "0");
        main.put("mailbox_size_limit", "0");
        main.put("virtual_mailbox_limit", "0");
        main.put("virtual_mailbox_domains", "");
        main.put("virtual_mailbox_base", "/mnt/mail");
        main.put("virtual_mailbox_maps", "regexp:/mnt/conf/mailboxes");
        main.put("virtual_uid_maps", "static:" + Folder.VMAIL);
        main.put("virtual_gid_maps", "static:" + Folder.VMAIL);
        main.put("smtpd_tls_security_level", "may");
        main.put("smtpd_tls_cert_file", "/mnt/cert.pem");
        main.put("smtpd_tls_key_file", "/mnt/key.pem");
        main.put("smtpd_tls_loglevel", "1");
        main.put("smtpd_tls_received_header", "yes");
        main.put("smtp_tls_loglevel", "1");
        main.put("smtp_host_lookup", "native");
        main.putAll(settings.main());
        return main.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
                .collect(Collectors.joining());
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

    /// Its mail log so far.
    public String log() {
        return served.log();
    }

    /// Hands a message to its own `sendmail`, as a program on its machine would.
    ///
    /// @param message header and body; lines end with LF
    public Finished submit(byte[] message, String from, String... to) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sendmail", "-C", "/mnt/conf", "-i", "-f", from, "--"));
        command.addAll(List.of(to));
        return Peers.exec(PEER, folder.path(), message, BOUND, command);
    }

    /// Runs a program of Postfix, such as `smtp-source` or `posttls-finger`, to its end, with the folder as its `/mnt`.
    ///
    /// @param bound how long it may run
    public static Finished tool(Path folder, Duration bound, String... command)
            throws IOException, InterruptedException {
        return Peers.exec(PEER, Folder.at(folder).path(), new byte[0], bound, List.of(command));
    }

    /// Runs `smtp-source` against a port of 127.0.0.1.
    ///
    /// @param bound how long it may run
    /// @param options what stands before the server's address, such as `-s 20 -m 20000 -l 4096`
    public static Finished smtpSource(Path folder, Duration bound, int port, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("smtp-source"));
        command.addAll(List.of(options));
        command.add("inet:127.0.0.1:" + port);
        return tool(folder, bound, command.toArray(String[]::new));
    }

    /// Ends it with all its processes.
    @Override
    public void close() {
        served.close();
    }
}
