package dev.postern.blackbox.peers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// As much of an IMAP client (RFC 3501) as reads all messages of a folder.
final class ImapReader implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Pattern LITERAL = Pattern.compile("\\* \\d+ FETCH .*\\{(\\d+)}");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int commands;

    private ImapReader(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static ImapReader login(int port, String user, String password) throws IOException {
        Socket socket = new Socket(Ports.loopback(), port);
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            ImapReader reader = new ImapReader(socket);
            String greeting = reader.line();
            if (!greeting.startsWith("* OK")) {
                throw new IOException("IMAP greeting: " + greeting);
            }
            reader.command("LOGIN " + user + " " + password);
            return reader;
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    /// The octets of every message, by sequence number; flags are left as they are.
    List<byte[]> messages(String folder) throws IOException {
        boolean empty = command("EXAMINE " + folder).lines().contains("* 0 EXISTS");
        return empty ? List.of() : command("FETCH 1:* BODY.PEEK[]").literals();
    }

    /// What came before the tagged OK: lines, and the literals that stood in them.
    private record Response(List<String> lines, List<byte[]> literals) {}

    private Response command(String text) throws IOException {
        commands++;
        String tag = "a" + commands;
        out.write((tag + " " + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Response response = new Response(new ArrayList<>(), new ArrayList<>());
        String line = line();
        while (!line.startsWith(tag + " ")) {
            response.lines().add(line);
            Matcher literal = LITERAL.matcher(line);
            if (literal.matches()) {
                response.literals().add(octets(Integer.parseInt(literal.group(1))));
            }
            line = line();
        }
        if (!line.startsWith(tag + " OK")) {
            throw new IOException("IMAP " + text + ": " + line);
        }
        return response;
    }

    private byte[] octets(int count) throws IOException {
        byte[] octets = in.readNBytes(count);
        if (octets.length < count) {
            throw new EOFException("IMAP literal ended after " + octets.length + " of " + count + " octets");
        }
        return octets;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet != '\n') {
            if (octet < 0) {
                throw new EOFException("IMAP connection ended after: " + line.toString(StandardCharsets.UTF_8));
            }
            if (octet != '\r') {
                line.write(octet);
            }
            octet = in.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
