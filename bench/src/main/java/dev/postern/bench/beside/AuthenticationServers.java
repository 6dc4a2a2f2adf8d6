package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Knot;
import dev.postern.blackbox.peers.OpenDkim;
import dev.postern.blackbox.peers.OpenDmarc;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;

/// The servers that check and sign: Postern alone, and Postfix with OpenDKIM, OpenDMARC and policyd-spf, as their
/// manuals
/// set them up for one another. One Knot on loopback tells what the sender's domain publishes.
final class AuthenticationServers {
    private static final String DOMAIN = "sender.bench.example";
    private static final String SPF_RESULTS = "spf.bench.test";
    // As OpenDKIM here calls itself.
    private static final String DKIM_RESULTS = "opendkim.test";
    private static final String CANONICALIZATION = "relaxed/relaxed";
    private static final int LINE = 70;

    private final Contenders contenders;
    private final int octets;

    AuthenticationServers(Contenders contenders, int octets) {
        this.contenders = contenders;
        this.octets = octets;
    }

    /// Starts all of them and writes the sender's messages.
    void start() throws IOException, InterruptedException {
        SigningKey rsa = key(true);
        SigningKey ed25519 = key(false);
        Path folder = contenders.folder();
        Knot knot = contenders.keep(Knot.start(folder.resolve("knot"), zone(rsa, ed25519), List.of()));
        write(Files.createDirectories(folder.resolve("source")), rsa, knot);
        contenders.put(
                Mode.CHECKED_IN,
                contenders.postern("checking", "bench/checking.toml", knot.port(), List.of()),
                checkingPostfix(knot));
        OpenDkim first = signer("first", rsa);
        contenders.put(
                Mode.SIGNED_OUT,
                contenders.postern("signing", "bench/postern.toml", knot.port(), List.of(rsa)),
                signingPostfix("Postfix with OpenDKIM", "signing-postfix", List.of(first)));
        contenders.put(
                Mode.SIGNED_OUT_TWICE,
                contenders.postern("signing-twice", "bench/postern.toml", knot.port(), List.of(rsa, ed25519)),
                signingPostfix(
                        "Postfix with two OpenDKIMs",
                        "signing-twice-postfix",
                        List.of(signer("second", rsa), signer("third", ed25519))));
    }

    private static SigningKey key(boolean rsa) {
        try {
            return rsa ? SigningKey.rsa(DOMAIN) : SigningKey.ed25519(DOMAIN);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has RSA and Ed25519", missing);
        }
    }

    private static String zone(SigningKey rsa, SigningKey ed25519) {
        return rsa.record() + ed25519.record() + """
                @. A 127.0.0.1
                @. TXT "v=spf1 ip4:127.0.0.1 -all"
                _dmarc.@. TXT "v=DMARC1; p=reject"
                1.0.0.127.in-addr.arpa. PTR @.
                """.replace("@", DOMAIN);
    }

    /// The message with and without a signature, lines with LF.
    private void write(Path source, SigningKey key, Knot knot) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("""
                From: Joe Doe <joe@%s>
                To: <sink@bench.test>
                Date: Mon, 1 Jun 2026 12:00:00 +0000
                Message-ID: <one@%s>
                Subject: one

                """.formatted(DOMAIN, DOMAIN));
        while (text.length() < octets) {
            text.append("x".repeat(LINE)).append('\n');
        }
        byte[] message = text.toString().replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        String signature = Dkimpy.at(contenders.folder().resolve("dkimpy"), knot.port())
                .sign(List.of(new Dkimpy.Signing(message, key)))
                .getFirst();
        Files.writeString(source.resolve(Mode.UNSIGNED), text);
        Files.writeString(source.resolve(Mode.SIGNED), signature.replace("\r\n", "\n") + text);
    }

    private Contender checkingPostfix(Knot knot) throws IOException, InterruptedException {
        OpenDkim opendkim = contenders.keep(OpenDkim.start(contenders.folder().resolve("opendkim"), verifier(knot)));
        OpenDmarc opendmarc = contenders.keep(OpenDmarc.start(
                contenders.folder().resolve("opendmarc"), knot.address(), SPF_RESULTS + "," + DKIM_RESULTS));
        Path home = Files.createDirectories(contenders.folder().resolve("checking-postfix"));
        Files.writeString(home.resolve("resolv.conf"), "nameserver " + knot.address() + "\n");
        Files.writeString(home.resolve("policyd-spf.conf"), """
                debugLevel = 1
                TestOnly = 1
                skip_addresses = 192.0.2.255/32
                Header_Type = AR
                Authserv_Id = %s
                """.formatted(SPF_RESULTS));
        Postfix.Settings settings = contenders
                .plain()
                .with("mynetworks", "")
                .with("relay_domains", "bench.test")
                .with(
                        "smtpd_recipient_restrictions",
                        "reject_unauth_destination, check_policy_service unix:private/spf")
                .with("spf_time_limit", "3600")
                .with("smtpd_milters", milters(List.of(opendkim.milter().port(), opendmarc.port())))
                .withService(
                        "spf unix - n n - 0 spawn user=policyd-spf argv=/usr/bin/policyd-spf /mnt/policyd-spf.conf");
        return contenders.postfix(
                "Postfix with OpenDKIM, OpenDMARC, policyd-spf",
                "checking-postfix",
                settings,
                List.of(opendkim.pid(), opendmarc.pid()));
    }

    /// Its resolver has the domain `test` for its own; a file that says otherwise is read by each of its threads, and
    /// two at
    /// once end it.
    private static OpenDkim.Settings verifier(Knot knot) throws IOException {
        return new OpenDkim.Settings(
                Ports.free(),
                Map.of(
                        "Mode", "v",
                        "AlwaysAddARHeader", "yes",
                        "InternalHosts", "192.0.2.255",
                        "Nameservers", "127.0.0.1@" + knot.port()),
                Map.of());
    }

    private OpenDkim signer(String name, SigningKey key) throws IOException, InterruptedException {
        return contenders.keep(
                OpenDkim.start(contenders.folder().resolve(name), OpenDkim.Settings.signer(key, CANONICALIZATION)));
    }

    private Contender signingPostfix(String shown, String name, List<OpenDkim> signers)
            throws IOException, InterruptedException {
        List<Integer> ports =
                signers.stream().map(signer -> signer.milter().port()).toList();
        List<Long> processes = signers.stream().map(OpenDkim::pid).toList();
        return contenders.postfix(shown, name, contenders.plain().with("smtpd_milters", milters(ports)), processes);
    }

    private static String milters(List<Integer> ports) {
        return String.join(
                ", ", ports.stream().map(port -> "inet:127.0.0.1:" + port).toList());
    }
}
