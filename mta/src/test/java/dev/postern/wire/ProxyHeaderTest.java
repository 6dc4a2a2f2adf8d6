package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "c0000201" + "c6336402" + "d903" + "0019";
    private static final String IPV6 =
            "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "d903" + "0019";

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static Endpoint.Inet end(String address, int port) {
        return new Endpoint.Inet(InetAddress.ofLiteral(address), port);
    }

    private static byte[] line(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /// A header of version 2 with the length that its rest has.
    private static byte[] block(String versionAndCommand, String family, String rest) {
        return HexFormat.of()
                .parseHex(SIGNATURE
                        + versionAndCommand
                        + family
                        + HexFormat.of().toHexDigits((short) (rest.length() / 2))
                        + rest);
    }

    static Stream<Arguments> headers() {
        ProxyHeader ipv4 = new ProxyHeader.Passed(end("192.0.2.1", 55555), end("198.51.100.2", 25));
        ProxyHeader ipv6 = new ProxyHeader.Passed(end("2001:db8::1", 55555), end("2001:db8::2", 25));
        ProxyHeader own = new ProxyHeader.Own();
        return Stream.of(
                Arguments.of(line("PROXY TCP4 192.0.2.1 198.51.100.2 55555 25"), ipv4),
                Arguments.of(line("PROXY TCP6 2001:db8::1 2001:db8::2 55555 25"), ipv6),
                Arguments.of(
                        line("PROXY TCP6 ffff:f:f:f:f:f:f:ffff 2001:DB8::2 0 65535"),
                        new ProxyHeader.Passed(end("ffff:f:f:f:f:f:f:ffff", 0), end("2001:db8::2", 65535))),
                Arguments.of(
                        line("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.2 55555 25"), ipv4), // the same as IPv4
                Arguments.of(line("PROXY UNKNOWN"), own),
                Arguments.of(line("PROXY UNKNOWN ffff:f:f:f:f:f:f:ffff whatever \0 65535"), own),
                Arguments.of(block("21", "11", IPV4), ipv4),
                Arguments.of(block("21", "21", IPV6), ipv6),
                Arguments.of(block("21", "11", IPV4 + "040003" + "aabbcc" + "010000"), ipv4), // NOOP, an empty ALPN
                Arguments.of(block("21", "11", IPV4 + "030004c5be000c"), ipv4), // CRC-32C
                Arguments.of(block("20", "00", ""), own),
                Arguments.of(block("20", "11", IPV4), own),
                Arguments.of(block("20", "31", "00".repeat(216)), own),
                Arguments.of(block("21", "00", ""), own),
                Arguments.of(block("21", "00", "0102030405"), own));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(line("EHLO c.example.com"), "no PROXY header"),
                Arguments.of(line("PROXY"), "no PROXY header"),
                Arguments.of(line("proxy TCP4 192.0.2.1 198.51.100.2 55555 25"), "no PROXY header"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 198.51.100.2 55555"), "not TCP4"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 198.51.100.2 55555 25 "), "not TCP4"),
                Arguments.of(line("PROXY  TCP4 192.0.2.1 198.51.100.2 55555 25"), "not TCP4"),
                Arguments.of(line("PROXY UDP4 192.0.2.1 198.51.100.2 55555 25"), "not TCP4"),
                Arguments.of(line("PROXY UNKNOWNS"), "not TCP4"),
                Arguments.of(line("PROXY TCP4 192.0.2.256 198.51.100.2 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP4 192.0.2.01 198.51.100.2 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP4 192.0.2 198.51.100.2 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP4 2001:db8::1 198.51.100.2 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 mx.example.org 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP6 192.0.2.1 198.51.100.2 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP6 fe80::1%eth0 2001:db8::2 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP6 2001:db8:::1 2001:db8::2 55555 25"), "an address"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 198.51.100.2 65536 25"), "an address"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 198.51.100.2 -1 25"), "an address"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 198.51.100.2 055 25"), "an address"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 198.51.100.2  25"), "an address"),
                Arguments.of("PROXY UNKNOWN whatever\n".getBytes(StandardCharsets.US_ASCII), "not CRLF"),
                Arguments.of("PROXY UNKNOWN what\rever\r\n".getBytes(StandardCharsets.US_ASCII), "not CRLF"),
                Arguments.of(line("PROXY UNKNOWN " + "x".repeat(92)), "more than 107"),
                Arguments.of(block("11", "11", IPV4), "a version"),
                Arguments.of(block("22", "11", IPV4), "a version"),
                Arguments.of(block("21", "12", IPV4), "neither TCP"),
                Arguments.of(block("21", "22", IPV6), "neither TCP"),
                Arguments.of(block("21", "31", "00".repeat(216)), "neither TCP"),
                Arguments.of(block("21", "41", IPV4), "neither TCP"),
                Arguments.of(block("21", "21", IPV4), "cut short"),
                Arguments.of(block("21", "11", IPV4.substring(2)), "cut short"),
                Arguments.of(block("21", "11", IPV4 + "0400"), "beyond the header"),
                Arguments.of(block("21", "11", IPV4 + "040003aabb"), "beyond the header"),
                Arguments.of(block("21", "11", IPV4 + "030004c5be000d"), "a checksum"),
                Arguments.of(block("21", "11", IPV4 + "030003c5be00"), "a checksum"),
                Arguments.of(block("21", "11", IPV4 + "00".repeat(4096 - 28 + 1)), "more than 4096"),
                Arguments.of(HexFormat.of().parseHex(SIGNATURE + "2111ffff"), "more than 4096"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void headerTellsWhoSpeaks(byte[] octets, ProxyHeader expected) {
        assertThat(ProxyHeaderReader.read(octets)).isEqualTo(new ProxyHeader.Whole(expected));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void beginningOfAHeaderAsksForNoMoreThanBelongsToIt(byte[] octets, ProxyHeader expected) {
        for (int length = 0; length < octets.length; length++) {
            byte[] beginning = java.util.Arrays.copyOf(octets, length);
            assertThat(ProxyHeaderReader.read(beginning))
                    .isInstanceOfSatisfying(
                            ProxyHeader.Unfinished.class,
                            reading -> assertThat(reading.octets()).isBetween(1, octets.length - beginning.length));
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatIsNoHeaderIsRefusedWithTheReason(byte[] octets, String why) {
        int length = 0;
        ProxyHeader.Reading reading = ProxyHeaderReader.read(new byte[0]);
        while (reading instanceof ProxyHeader.Unfinished && length < octets.length) {
            reading = ProxyHeaderReader.read(java.util.Arrays.copyOf(octets, ++length));
        }
        assertThat(reading)
                .isInstanceOfSatisfying(
                        ProxyHeader.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    /// The address becomes the peer's, and what stands behind the header is the client's first line, however the
    /// octets arrive.
    @ParameterizedTest
    @MethodSource("headers")
    void everyCutOfTheStreamMeansTheSame(byte[] octets, ProxyHeader expected) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(octets);
        stream.writeBytes(line("EHLO c.example.com"));
        byte[] all = stream.toByteArray();
        for (int cut = 0; cut <= all.length; cut++) {
            MemoryConnection.Pair pair = MemoryConnection.pair();
            pair.client().write(all, 0, cut, soon());
            pair.client().flush(soon());
            pair.client().write(all, cut, all.length - cut, soon());
            pair.client().flush(soon());
            Connection server = pair.server();
            Endpoint before = server.peer();
            assertThat(server.readProxyHeader(soon())).isEqualTo(new ProxyHeader.Whole(expected));
            assertThat(server.buffered()).isZero();
            assertThat(server.peer())
                    .isEqualTo(expected instanceof ProxyHeader.Passed passed ? passed.source() : before);
            assertThat(server.readLine(512, soon()).latin1()).isEqualTo("EHLO c.example.com");
        }
    }

    @ParameterizedTest
    @CsvSource({"PROXY TCP4 192.0.2.1", "P"})
    void peerThatClosesWithinItsHeaderIsGone(String octets) throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        pair.client().write(octets.getBytes(StandardCharsets.US_ASCII), soon());
        pair.client().flush(soon());
        pair.client().close();
        assertThatThrownBy(() -> pair.server().readProxyHeader(soon())).isInstanceOf(EOFException.class);
    }

    @Test
    void headerThatDoesNotComeInTimeIsNotWaitedFor() {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        assertThatThrownBy(() -> pair.server().readProxyHeader(Deadline.after(Duration.ZERO)))
                .isInstanceOf(DeadlineExceeded.class);
    }

    @Test
    void headerComesBeforeAnythingElse() throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        pair.client().write(line("NOOP"), soon());
        pair.client().flush(soon());
        pair.server().readLine(512, soon());
        assertThatThrownBy(() -> pair.server().readProxyHeader(soon())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void longestHeaderIsRead() {
        byte[] octets = block("21", "11", IPV4 + "04" + "0fd9" + "00".repeat(4057));
        assertThat(octets).hasSize(4088);
        assertThat(ProxyHeaderReader.read(octets)).isInstanceOf(ProxyHeader.Whole.class);
        assertThat(ByteBuffer.wrap(octets).getShort(14)).isEqualTo((short) (4088 - 16));
    }
}
