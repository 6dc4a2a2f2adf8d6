package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherProtocolTest {

    private static Optional<OtherProtocol> ofFirst(String text) {
        return OtherProtocol.ofFirst(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            HTTP,      GET / HTTP/1.1
            HTTP,      get /index.html
            HTTP,      HEAD
            HTTP,      POST / HTTP/1.0
            HTTP,      PUT /x HTTP/1.1
            HTTP,      CONNECT mx.example.org:25 HTTP/1.1
            HTTP,      OPTIONS * HTTP/1.1
            HTTP,      PRI * HTTP/2.0
            HTTP,      PROPFIND / HTTP/1.1
            HTTP,      EHLO / HTTP/1.1
            HTTP,      HTTP/1.1 200 OK
            LIKE_HTTP, OPTIONS sip:nm SIP/2.0
            LIKE_HTTP, INVITE sip:bob@example.org SIP/2.0
            LIKE_HTTP, OPTIONS / RTSP/1.0
            LIKE_HTTP, REQMOD icap://mx.example.org/reqmod ICAP/1.0
            HEADER,    Host: mx.example.org
            HEADER,    X-Forwarded-For:192.0.2.1
            HEADER,    Subject:
            HEADER,    received: from x
            SSH,       SSH-2.0-OpenSSH_9.2p1
            PROXY,     PROXY TCP4 192.0.2.1 192.0.2.2 1024 25
            PROXY,     PROXY TCP6 2001:db8::1 2001:db8::2 1024 25
            PROXY,     PROXY UNKNOWN
            """)
    void lineOfAnotherProtocolIsTold(OtherProtocol protocol, String line) {
        assertThat(OtherProtocol.ofLine(line)).contains(protocol);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "XYZZY",
                "TURN",
                "ETRN example.org",
                "MAIL",
                "MAIL FROM:ann@example.com",
                "RCPT TO: alice@example.org",
                "EHLO",
                "EHLO http server",
                "GETTER",
                "PROXY",
                "SSH",
                "X HTTP/1.1",
                "X-Y Z: a",
                ":",
                "1: x",
                "é: x",
                "DATA x/1.0"
            })
    void whatIsOnlyWrongIsNoOtherProtocol(String line) {
        assertThat(OtherProtocol.ofLine(line)).isEmpty();
    }

    /// What the scanners and clients of other protocols say first, as octets.
    @ParameterizedTest
    @CsvSource(textBlock = """
            TLS,    16 03 01 02 00 01 00 01 fc 03 03
            TLS,    16
            RDP,    03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 03 00 00 00
            SMB,    00 00 00 a4 ff 53 4d 42 72 00 00 00 00
            SMB,    00 00 00 a4 fe 53 4d 42 40 00 00 00 00
            BINARY, 80 00 00 28 72 fe 1d 13
            BINARY, ff fb 1f ff fb 20
            BINARY, 00 1e 00 06 01 00 00 01
            BINARY, 00 00 00 08 04 d2 16 2f
            BINARY, 30 0c 02 01 01 60 07 02 01 02 04 00 80 00
            BINARY, 41 4d 51 50 00 00 09 01
            BINARY, 05 01 00
            BINARY, 6c 00 0b 00 00 00
            BINARY, 13 42 69 74 54 6f 72 72 65 6e 74
            PROXY,  0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c
            JSON,   7b 22 6a 73 6f 6e
            JSON,   5b 7b 7d 5d
            XML,    3c 3f 78 6d 6c
            """)
    void sessionOfAnotherProtocolIsToldBeforeItsFirstLineEnds(OtherProtocol protocol, String hex) {
        assertThat(OtherProtocol.ofFirst(HexFormat.ofDelimiter(" ").parseHex(hex)))
                .contains(protocol);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "E",
                "EHLO client.example\r\n",
                "\r\n",
                " EHLO x",
                "quit\r\n\0\1\2",
                "EHLO jos\u00c3\u00a9",
                "HE\b\bEHLO x",
                "\u001b[AEHLO x",
                "EHLO\tx"
            })
    void sessionThatMayBecomeSmtpIsWaitedFor(String text) {
        assertThat(ofFirst(text)).isEmpty();
    }
}
