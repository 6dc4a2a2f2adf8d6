package dev.postern.tls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.util.Arrays;
import java.util.function.Consumer;

/// A connected socket as a TLS engine sees it, whose ClientHello is told on while the engine reads it; used by one
/// thread, {@link #close()} excepted.
///
/// It takes no octet away and waits for none: what is longer than {@link #MOST}, or is no ClientHello, is not told.
final class OverheardSocket extends Socket {
    /// Octets of a ClientHello at most; that of a browser with post-quantum key shares has about 2,000.
    static final int MOST = 16_384;

    private final Socket socket;
    private final Consumer<ClientHello> told;
    private boolean listening = true;
    private byte[] heard = new byte[0];

    /// @param told at most once, in the thread that reads
    OverheardSocket(Socket socket, Consumer<ClientHello> told) throws SocketException {
        super((SocketImpl) null);
        this.socket = socket;
        this.told = told;
    }

    private void hear(byte[] octets, int offset, int length) {
        if (!listening || length <= 0) {
            return;
        }
        int before = heard.length;
        if (before + length > MOST) {
            forget();
            return;
        }
        heard = Arrays.copyOf(heard, before + length);
        System.arraycopy(octets, offset, heard, before, length);
        switch (ClientHello.read(heard, heard.length)) {
            case ClientHello.Reading.Unfinished _ -> {}
            case ClientHello.Reading.Other _ -> forget();
            case ClientHello.Reading.Whole whole -> {
                forget();
                told.accept(whole.hello());
            }
        }
    }

    private void forget() {
        listening = false;
        heard = new byte[0];
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                int count = super.read(to, offset, length);
                hear(to, offset, count);
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isBound() {
        return socket.isBound();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        socket.setSoTimeout(millis);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        socket.setTcpNoDelay(on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return socket.getTcpNoDelay();
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        socket.setSoLinger(on, seconds);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return socket.getSoLinger();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        socket.setKeepAlive(on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return socket.getKeepAlive();
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
