package dev.postern.blackbox.peers;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import jdk.net.ExtendedSocketOptions;

/// What a mail server asks of a filter in the milter protocol (version 6): a connection with one message each, told
/// as Postfix tells it, with LF between the lines of a field.
///
/// @param port of the filter on 127.0.0.1
public record Milter(int port) {
    private static final int TIME_OUT_MILLIS = 30_000;
    private static final int VERSION = 6;
    // Everything that a filter may want to change.
    private static final int ACTIONS = 0x1ff;
    // Field values come with the blank behind the colon (SMFIP_HDR_LEADSPC), where the filter knows of that.
    private static final int LEADING_BLANK = 0x10_0000;
    private static final int CHUNK = 65_535;
    private static final Pattern FIELD_END = Pattern.compile("\r\n(?![ \t])");

    /// How a message comes.
    ///
    /// @param client the address that brings it
    /// @param helo the name that it gives
    /// @param user who has logged in; empty for nobody
    /// @param sender the reverse-path, without brackets
    /// @param recipient without brackets
    public record Envelope(String client, String helo, String user, String sender, String recipient) {}

    /// What the filter wants.
    ///
    /// @param fields put on top of the message one after another, each with CRLF at its end
    /// @param refusal the reply that refuses it; empty where it is let through
    public record Answer(List<String> fields, String refusal) {
        public Answer {
            fields = List.copyOf(fields);
        }

        /// The message with the fields on top.
        public byte[] on(byte[] message) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            fields.reversed().forEach(field -> all.writeBytes(field.getBytes(StandardCharsets.ISO_8859_1)));
            all.writeBytes(message);
            return all.toByteArray();
        }

        /// What its Authentication-Results fields say, in one line, without comments.
        public String results() {
            StringBuilder results = new StringBuilder();
            for (String field : fields) {
                if (field.startsWith("Authentication-Results:")) {
                    results.append(field.substring(field.indexOf(';')));
                }
            }
            return results.toString().replaceAll("\\([^)]*\\)", "").replaceAll("\\s+", " ");
        }
    }

    /// The steps, and the bits of the negotiation by which a filter does not want to hear of one, or to answer to it.
    private enum Step {
        CONNECT('C', 0x1, 0x1000),
        HELO('H', 0x2, 0x2000),
        MAIL('M', 0x4, 0x4000),
        RCPT('R', 0x8, 0x8000),
        DATA('T', 0x200, 0x1_0000),
        FIELD('L', 0x20, 0x80),
        END_OF_HEADER('N', 0x40, 0x4_0000),
        BODY('B', 0x10, 0x8_0000),
        END('E', 0, 0);

        private final char letter;
        private final int unwanted;
        private final int unanswered;

        Step(char letter, int unwanted, int unanswered) {
            this.letter = letter;
            this.unwanted = unwanted;
            this.unanswered = unanswered;
        }
    }

    /// Asks the filter.
    ///
    /// @param message with CRLF
    /// @throws IOException when it ends the connection, or says nothing within half a minute
    public Answer filter(Envelope envelope, byte[] message) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.loopback(), port), TIME_OUT_MILLIS);
            socket.setSoTimeout(TIME_OUT_MILLIS);
            socket.setTcpNoDelay(true);
            Dialogue dialogue = new Dialogue(socket);
            dialogue.negotiate();
            dialogue.tell(envelope);
            dialogue.tell(new String(message, StandardCharsets.ISO_8859_1));
            return new Answer(dialogue.fields, dialogue.refusal);
        }
    }

    /// One connection. Texts have a char an octet.
    private static final class Dialogue {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;
        private final List<String> fields = new ArrayList<>();
        private String refusal = "";
        private int flags;
        private boolean isOver;

        Dialogue(Socket socket) throws IOException {
            this.socket = socket;
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        private void send(char letter, byte[] data) throws IOException {
            ByteBuffer packet = ByteBuffer.allocate(Integer.BYTES + 1 + data.length);
            packet.putInt(1 + data.length).put((byte) letter).put(data);
            out.write(packet.array());
        }

        void negotiate() throws IOException {
            ByteBuffer offer = ByteBuffer.allocate(3 * Integer.BYTES);
            send(
                    'O',
                    offer.putInt(VERSION).putInt(ACTIONS).putInt(LEADING_BLANK).array());
            ByteBuffer wish = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            if (wish.get() != 'O') {
                throw new IOException("the filter does not negotiate");
            }
            wish.getInt();
            wish.getInt();
            flags = wish.getInt();
        }

        void tell(Envelope envelope) throws IOException {
            macros('C', "j", "mta.test", "{daemon_name}", "mta.test");
            step(Step.CONNECT, "[" + envelope.client() + "]\0004\0\u0019" + envelope.client() + "\0");
            step(Step.HELO, envelope.helo() + "\0");
            if (envelope.user().isEmpty()) {
                macros('M', "i", "A1");
            } else {
                macros('M', "i", "A1", "{auth_authen}", envelope.user());
            }
            step(Step.MAIL, "<" + envelope.sender() + ">\0");
            step(Step.RCPT, "<" + envelope.recipient() + ">\0");
            step(Step.DATA, "");
        }

        void tell(String message) throws IOException {
            int end = message.indexOf("\r\n\r\n");
            for (String field : FIELD_END.split(message.substring(0, end), -1)) {
                int colon = field.indexOf(':');
                String value = field.substring(colon + 1).replace("\r\n", "\n");
                if ((flags & LEADING_BLANK) == 0 && value.startsWith(" ")) {
                    value = value.substring(1);
                }
                step(Step.FIELD, field.substring(0, colon) + "\0" + value + "\0");
            }
            step(Step.END_OF_HEADER, "");
            String body = message.substring(end + 4);
            for (int from = 0; from < body.length(); from += CHUNK) {
                step(Step.BODY, body.substring(from, Math.min(body.length(), from + CHUNK)));
            }
            step(Step.END, "");
            if (!isOver) {
                send('Q', new byte[0]);
            }
        }

        private void macros(char step, String... namesAndValues) throws IOException {
            send('D', octets(step + String.join("\0", namesAndValues) + "\0"));
        }

        private void step(Step step, String data) throws IOException {
            if (isOver || (flags & step.unwanted) != 0) {
                return;
            }
            send(step.letter, octets(data));
            if ((flags & step.unanswered) == 0) {
                answer();
            }
        }

        /// Reads up to a verdict; after one that is final nothing more is asked.
        private void answer() throws IOException {
            // A filter that writes its answer piecemeal waits for our acknowledgement of the first piece.
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            while (true) {
                byte[] packet = in.readNBytes(in.readInt());
                String data = new String(packet, 1, packet.length - 1, StandardCharsets.ISO_8859_1);
                switch (packet[0]) {
                    case 'c', 's' -> {
                        return;
                    }
                    case 'a' -> {
                        isOver = true;
                        return;
                    }
                    case 'r', 't', 'd' -> {
                        refuse(String.valueOf((char) packet[0]));
                        return;
                    }
                    case 'y' -> {
                        refuse(data.replace("\0", ""));
                        return;
                    }
                    case 'i' -> insert(data.substring(Integer.BYTES));
                    case 'h' -> insert(data);
                    default -> {
                        // Progress, and changes that no test is about: quarantine, recipients, fields taken out.
                    }
                }
            }
        }

        private void refuse(String reply) {
            isOver = true;
            refusal = reply;
        }

        private void insert(String nameAndValue) {
            String[] parts = nameAndValue.split("\0", -1);
            String value = parts[1].replace("\r\n", "\n").replace("\n", "\r\n");
            boolean hasBlank = (flags & LEADING_BLANK) != 0;
            fields.add(parts[0] + (hasBlank ? ":" : ": ") + value + "\r\n");
        }

        private static byte[] octets(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
