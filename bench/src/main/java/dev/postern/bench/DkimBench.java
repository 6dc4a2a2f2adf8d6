package dev.postern.bench;

import dev.postern.dns.DomainName;
import dev.postern.dns.ZoneResolver;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.dkim.DkimResults;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.DkimSigner;
import dev.postern.mailauth.dkim.DkimVerification;
import dev.postern.mailauth.dkim.DkimVerifier;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import dev.postern.message.MessageStamp;
import dev.postern.tls.TlsProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One message signed or verified: microseconds a message, which is what DKIM adds to accepting it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DkimBench {
    private static final Instant NOW = Instant.ofEpochSecond(1_795_500_000L);
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final int LONGEST_HEADER = 65_536;
    private static final int STRING = 200;

    /// What the key is for.
    @Param({"RSA_SHA256", "ED25519_SHA256"})
    private DkimAlgorithm algorithm = DkimAlgorithm.RSA_SHA256;

    /// Who signs and verifies.
    @Param({"jdk", "conscrypt"})
    private String provider = "jdk";

    /// How many octets the body has.
    @Param({"4096", "1048576"})
    private int size;

    private MessageHeader header = new MessageHeader(List.of(), MessageHeader.Ending.END);
    private MessageHeader signedHeader = header;
    private byte[] body = {};
    private Work work = Work.with(algorithm, Optional.empty());

    /// A signer, and a verifier that finds its key.
    private record Work(DkimSigner signer, DkimVerifier verifier) {
        static Work with(DkimAlgorithm algorithm, Optional<Provider> provider) {
            try {
                DkimKey key = DkimKey.generate(algorithm, provider);
                return new Work(
                        new DkimSigner(
                                DOMAIN, List.of(new SelectedKey(DomainName.of("s"), key)), SigningSettings.usual()),
                        new DkimVerifier(
                                ZoneResolver.of(record(key.record())),
                                DkimSettings.usual(),
                                InstantSource.fixed(NOW),
                                provider));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String record(String text) {
        StringBuilder line = new StringBuilder("s._domainkey.example.org. TXT");
        for (int i = 0; i < text.length(); i += STRING) {
            line.append(" \"")
                    .append(text, i, Math.min(text.length(), i + STRING))
                    .append('"');
        }
        return line.append('\n').toString();
    }

    private static MessageHeader header(String text) throws IOException {
        return MessageReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), LONGEST_HEADER)
                .header();
    }

    /// Makes key, message and signature.
    @Setup
    public void begin() throws IOException {
        work = Work.with(
                algorithm,
                provider.equals("jdk")
                        ? Optional.empty()
                        : TlsProvider.conscrypt().orElseThrow().provider());
        String fields = """
                Received: from a by b; Mon, 23 Nov 2026 19:25:00 +0000
                From: Alice <alice@example.org>
                To: bob@example.net
                Subject: A message of some length
                Date: Mon, 23 Nov 2026 19:25:00 +0000
                Message-ID: <1@example.org>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8

                """.replace("\n", "\r\n");
        String line = "Words of no meaning, in lines of some seventy characters, as mail has.\r\n";
        body = line.repeat(size / line.length() + 1).getBytes(StandardCharsets.ISO_8859_1);
        header = header(fields);
        signedHeader = header(sign() + fields);
        if (!verify().outcome().word().equals("pass")) {
            throw new IllegalStateException("what is measured does not work");
        }
    }

    /// The DKIM-Signature of the message.
    @Benchmark
    public String sign() {
        MessageStamp.Stamping stamping = work.signer().begin(header);
        stamping.body(body, 0, body.length);
        return stamping.finish(NOW);
    }

    /// What becomes of it.
    @Benchmark
    public DkimResults verify() {
        DkimVerification verification = work.verifier().begin(signedHeader);
        verification.body(body, 0, body.length);
        return verification.finish();
    }
}
