package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spool.Content;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class MemoryTransportTest {
    @Test
    void everythingArrivesAsItWasSent() {
        MemoryTransport transport = new MemoryTransport();
        Consignment mail = Mail.saying("a: b\r\n\r\n.\r\n")
                .toInbox("x@example.org")
                .toInbox("y@example.org")
                .consignment();
        try (Transport.Carriage carriage = transport.open()) {
            assertThat(carriage.carry(mail)).hasSize(2).allMatch(DeliveryOutcome.Delivered.class::isInstance);
        }
        assertThat(transport.arrived())
                .containsExactly(new MemoryTransport.Carried(mail, Mail.TRACE + "a: b\r\n\r\n.\r\n"));
    }

    @Test
    void whatCannotBeReadIsDeferred() {
        Content broken = new Content() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("Input/output error");
            }
        };
        MemoryTransport transport = new MemoryTransport();
        try (Transport.Carriage carriage = transport.open()) {
            assertThat(carriage.carry(Mail.saying("x").toInbox("x@example.org").consignment(broken)))
                    .singleElement()
                    .isInstanceOf(DeliveryOutcome.Deferred.class);
        }
        assertThat(transport.arrived()).isEmpty();
    }
}
