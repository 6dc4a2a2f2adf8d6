package dev.postern.blackbox.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/// Debian's Python libraries for mail authentication: dkimpy signs and verifies, pyspf and
/// authheaders check SPF and DMARC. They ask one name server on loopback. A call does many jobs in
/// one process.
public final class Dkimpy {
    private static final String PEER = "dkimpy";
    private static final String SCRIPT = "dkimpy.py";
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final Folder folder;
    private final int nameServer;

    private Dkimpy(Folder folder, int nameServer) {
        this.folder = folder;
        this.nameServer = nameServer;
    }

    /// Prepares it in this folder.
    ///
    /// @param nameServer the port on 127.0.0.1 whom it asks
    public static Dkimpy at(Path path, int nameServer) throws IOException {
        Folder folder = Folder.at(path);
        try (InputStream script = Dkimpy.class.getResourceAsStream(SCRIPT)) {
            folder.file(SCRIPT, new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        return new Dkimpy(folder, nameServer);
    }

    /// A message to be signed.
    ///
    /// @param message with CRLF
    /// @param key who signs
    /// @param canonicalization such as `relaxed/simple`
    /// @param headers names of the signed fields with colons between; empty for dkimpy's own choice
    /// @param length whether `l=` says how long the body is
    /// @param identity `i=`; empty for none
    @SuppressWarnings("ArrayRecordComponent") // octets to be read, never compared
    public record Signing(
            byte[] message, SigningKey key, String canonicalization, String headers, boolean length, String identity) {
        /// Signs without `i=`.
        public Signing(byte[] message, SigningKey key, String canonicalization, String headers, boolean length) {
            this(message, key, canonicalization, headers, length, "");
        }

        /// Signs what dkimpy finds right.
        public Signing(byte[] message, SigningKey key) {
            this(message, key, "relaxed/relaxed", "", false);
        }

        private String line() {
            return String.join(
                    "\t",
                    "sign",
                    base64(message),
                    key.selector(),
                    key.domain(),
                    key.algorithm(),
                    base64(key.secret().getBytes(StandardCharsets.US_ASCII)),
                    canonicalization,
                    headers,
                    length ? "length" : "whole",
                    identity);
        }
    }

    /// How a message came.
    ///
    /// @param message with CRLF
    /// @param client the address that brought it
    /// @param helo the name that it gave
    /// @param sender the reverse-path, without brackets
    @SuppressWarnings("ArrayRecordComponent") // octets to be read, never compared
    public record Arrival(byte[] message, String client, String helo, String sender) {
        private String line() {
            return String.join("\t", "check", base64(message), client, helo, sender);
        }
    }

    /// Signs messages.
    ///
    /// @return each one's DKIM-Signature field, with CRLF at its end
    public List<String> sign(List<Signing> signings) throws IOException, InterruptedException {
        return run(signings.stream().map(Signing::line).toList()).stream()
                .map(field -> new String(Base64.getDecoder().decode(field), StandardCharsets.US_ASCII))
                .toList();
    }

    /// Verifies all signatures of messages.
    ///
    /// @return for each message its signatures from the top, such as `pass one.test rsa-sha256`
    public List<List<String>> verify(List<byte[]> messages) throws IOException, InterruptedException {
        return run(messages.stream()
                        .map(message -> "verify\t" + base64(message))
                        .toList())
                .stream()
                .map(results -> results.lines()
                        .flatMap(line -> List.of(line.split("\t", -1)).stream())
                        .toList())
                .toList();
    }

    /// Verifies the ARC sets of a message.
    ///
    /// @return `none`, `pass` or `fail`
    public String chain(byte[] message) throws IOException, InterruptedException {
        return chains(List.of(message)).getFirst();
    }

    /// Verifies the ARC sets of messages.
    ///
    /// @return for each `none`, `pass` or `fail`
    public List<String> chains(List<byte[]> messages) throws IOException, InterruptedException {
        return run(messages.stream().map(message -> "chain\t" + base64(message)).toList());
    }

    /// Adds an ARC set to each message, whatever the sets in it are worth.
    ///
    /// @return the messages with it
    public List<byte[]> seal(List<byte[]> messages, SigningKey key) throws IOException, InterruptedException {
        String how = String.join(
                "\t",
                key.selector(),
                key.domain(),
                key.algorithm(),
                base64(key.secret().getBytes(StandardCharsets.US_ASCII)));
        List<String> sets = run(messages.stream()
                .map(message -> "seal\t" + base64(message) + "\t" + how)
                .toList());
        List<byte[]> sealed = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(Base64.getDecoder().decode(sets.get(i)));
            all.writeBytes(messages.get(i));
            sealed.add(all.toByteArray());
        }
        return sealed;
    }

    /// Checks SPF alone, of the reverse-path.
    ///
    /// @param arrivals whose messages are not looked at
    /// @return the result's word for each
    public List<String> spf(List<Arrival> arrivals) throws IOException, InterruptedException {
        return run(arrivals.stream()
                .map(one -> String.join("\t", "spf", one.client(), one.helo(), one.sender()))
                .toList());
    }

    /// Checks SPF, the topmost signature, and DMARC by RFC 7489.
    ///
    /// @return for each arrival the text of an Authentication-Results field
    public List<String> check(List<Arrival> arrivals) throws IOException, InterruptedException {
        return run(arrivals.stream().map(Arrival::line).toList());
    }

    private List<String> run(List<String> jobs) throws IOException, InterruptedException {
        byte[] input = jobs.stream()
                .map(job -> job + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
        // Debian's own Python, whatever else this machine has
        List<String> command = List.of("/usr/bin/python3", "-W", "ignore", SCRIPT, Integer.toString(nameServer));
        Finished done = Peers.exec(PEER, folder.path(), input, BOUND, command);
        List<String> results = done.output().lines().toList();
        if (done.exitCode() != 0 || results.size() != jobs.size()) {
            throw new IOException(jobs.size() + " jobs, " + results.size() + " results, " + done);
        }
        return results;
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
