package dev.postern.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The other end of the control socket: what the command line uses.
public final class ControlClient {
    private final Path path;

    /// @param path the control socket of the running server
    public ControlClient(Path path) {
        this.path = path;
    }

    /// Sends a command and hands on each object of its answer.
    ///
    /// @throws NoServerException if there is no server
    /// @throws IOException with a sentence for the administrator, if there is no server or it says
    ///     no
    public void call(ControlRequest request, Consumer<JsonNode> answer) throws IOException {
        if (!Files.exists(path)) {
            throw new NoServerException("no server is running here: there is no control socket " + path);
        }
        try (SocketChannel channel = connect();
                BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            channel.write(ByteBuffer.wrap(JsonLine.of(request).getBytes(StandardCharsets.UTF_8)));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode object = JsonLine.read(line);
                if (object.has("error")) {
                    throw new IOException(object.get("error").asString());
                }
                if (object.has("done")) {
                    return;
                }
                answer.accept(object);
            }
            throw new IOException("the server went away before its answer was complete");
        } catch (JacksonException e) {
            throw new IOException("the server's answer cannot be read: " + e.getMessage(), e);
        }
    }

    private SocketChannel connect() throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            throw new NoServerException(
                    "no server answers on the control socket " + path + " (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            throw new IOException("the control socket " + path + " cannot be opened: " + e.getMessage(), e);
        }
    }
}
