package dev.postern.smtpclient;

import dev.postern.smtp.Reply;
import dev.postern.smtp.ReplyReader;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Commands out, replies in, over one connection, with a listener beside.
final class Exchange {
    /// The server says that it closes the connection (RFC 5321 §3.8): no further reply will come.
    static final class ServerCloses extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Reply reply;

        ServerCloses(Reply reply) {
            super(reply.toString());
            this.reply = reply;
        }

        /// The reply, 421.
        Reply reply() {
            return reply;
        }
    }

    private static final int SERVICE_CLOSING = 421;

    private final Connection connection;
    private final DialogueListener dialogue;
    private final Duration block;

    /// @param block how long the server may take for a piece of what we say
    Exchange(Connection connection, DialogueListener dialogue, Duration block) {
        this.connection = connection;
        this.dialogue = dialogue;
        this.block = block;
    }

    Connection connection() {
        return connection;
    }

    DialogueListener dialogue() {
        return dialogue;
    }

    /// Puts a command, CRLF included, into the output buffer.
    void say(byte[] command) throws IOException {
        dialogue.sent(new String(command, 0, command.length - 2, StandardCharsets.UTF_8));
        connection.write(command, Deadline.after(block));
    }

    /// Puts a command into the output buffer that nobody may hear in full.
    ///
    /// @param masked what the listener hears
    void saySecret(byte[] command, String masked) throws IOException {
        dialogue.sent(masked);
        connection.write(command, Deadline.after(block));
    }

    /// Sends what is in the output buffer.
    void flush() throws IOException {
        connection.flush(Deadline.after(block));
    }

    /// The next reply.
    ///
    /// @throws ServerCloses if it is 421
    Reply hear(Deadline deadline) throws IOException {
        Reply reply = ReplyReader.read(connection, deadline);
        tell(reply);
        if (reply.code() == SERVICE_CLOSING) {
            throw new ServerCloses(reply);
        }
        return reply;
    }

    /// Says a command and hears the reply.
    Reply ask(byte[] command, Duration limit) throws IOException {
        say(command);
        flush();
        return hear(Deadline.after(limit));
    }

    private void tell(Reply reply) {
        String status = reply.status().map(s -> s + " ").orElse("");
        int last = reply.text().size() - 1;
        for (int i = 0; i <= last; i++) {
            dialogue.received(reply.code()
                    + (i < last ? "-" : " ")
                    + status
                    + reply.text().get(i));
        }
    }
}
