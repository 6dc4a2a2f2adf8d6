package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverheardSocketTest {
    private static final int MESSAGE = 2500;

    /// A looking that costs no more than reading it a few times.
    private static final int FEW = 80;

    private static Socket of(byte[] octets) {
        return new Socket() {
            @Override
            public InputStream getInputStream() {
                return new ByteArrayInputStream(octets);
            }
        };
    }

    /// A ClientHello with nothing but octets for a session's name that are too many, in records of one octet each.
    private static byte[] crumbs(int size) {
        ByteBuffer message = ByteBuffer.allocate(size + 4);
        message.put((byte) 1).put((byte) 0).putShort((short) size);
        ByteBuffer records = ByteBuffer.allocate(message.capacity() * 6);
        for (byte octet : message.array()) {
            records.put((byte) 22).putShort((short) 0x0301).putShort((short) 1).put(octet);
        }
        return records.array();
    }

    private static int looks(byte[] octets) throws IOException {
        List<ClientHello> told = new ArrayList<>();
        try (OverheardSocket socket = new OverheardSocket(of(octets), told::add)) {
            InputStream in = socket.getInputStream();
            int octet = in.read();
            while (octet >= 0) {
                octet = in.read();
            }
            return socket.looks();
        }
    }

    @Test
    void octetsThatDripAreNotLookedAtAnewForEach() throws IOException {
        assertThat(looks(crumbs(MESSAGE))).isPositive().isLessThan(FEW);
    }

    @Test
    void emptyRecordsAreNoClientHello() throws IOException {
        byte[] records = new byte[OverheardSocket.MOST];
        for (int i = 0; i + 5 <= records.length; i += 5) {
            records[i] = 22;
            records[i + 1] = 3;
        }
        assertThat(looks(records)).isLessThan(FEW);
    }
}
