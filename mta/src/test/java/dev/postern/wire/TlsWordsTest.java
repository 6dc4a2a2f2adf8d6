package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Connection reset | Connection reset
            Read error: ssl=0x7ff330617c98: Failure in SSL library~error:10000110:SSL routines:OPENSSL_internal:CANNOT_PARSE_LEAF_CERT (/x/ssl_cert.cc:311 0x7ff31581730d:0x00000000) | TLS failed: CANNOT_PARSE_LEAF_CERT
            Read error: ssl=0x7ff330617c98: I/O error during system call, Unknown error | Read error: I/O error during system call, Unknown error
            one~two | one
            """)
    void oneLineIsToldWithoutAddressesInMemory(String message, String told) {
        assertThat(TlsWords.of(new IOException(message.replace('~', '\n')))).isEqualTo(told);
    }
}
