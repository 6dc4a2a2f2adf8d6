package dev.postern.wire;

import java.io.IOException;

/// The octets of a socket, without buffers: the part of a connection that differs between TCP, TLS
/// and Unix sockets.
///
/// A read that is not done by its deadline throws {@link java.net.SocketTimeoutException} where the
/// system can time it out; what the system cannot is ended by {@link #abort} from another thread.
sealed interface OctetStream permits TcpStream, TlsStream, UnixStream {
    /// Waits for octets: at least one, or -1 at the end.
    int read(byte[] to, int offset, int length, Deadline deadline) throws IOException;

    /// What is there without waiting: 0 for nothing, -1 at the end.
    int readNow(byte[] to, int offset, int length) throws IOException;

    /// Writes all these octets.
    void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException;

    /// Ends the conversation as its protocol wants it, in bounded time, and closes.
    void close();

    /// Closes at once; may come from any thread.
    void abort();

    /// Ends a read that was left to the watch and is overdue at `nanoTime`; writing goes on being possible.
    void endOverdueRead(long nanoTime);

    /// A watch looks after this stream from now on.
    void underWatch();

    /// The deadline of the present call, if it is one that the system cannot time out and a watch
    /// has to end.
    Overdue guard();
}
