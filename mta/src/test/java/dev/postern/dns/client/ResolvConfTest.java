package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolvConfTest {
    private static String servers(String text) {
        return String.join(
                " ",
                ResolvConf.parse(text).servers().stream()
                        .map(Endpoint.Inet::toString)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "nameserver 192.0.2.53 => 192.0.2.53:53",
                "'  nameserver\t192.0.2.53   trailing words' => 192.0.2.53:53",
                "nameserver 192.0.2.53|nameserver 2001:db8::53 => 192.0.2.53:53 [2001:db8:0:0:0:0:0:53]:53",
                "nameserver 10.0.0.1|nameserver 10.0.0.2|nameserver 10.0.0.3|nameserver 10.0.0.4 => 10.0.0.1:53 10.0.0.2:53 10.0.0.3:53",
                "# nameserver 192.0.2.1|; nameserver 192.0.2.2|search example.org|options edns0 trust-ad|nameserver 127.0.0.53 => 127.0.0.53:53",
                "nameserver|nameserver ns.example.org|nameserver 1.2.3|nameserver 300.1.1.1 => 127.0.0.1:53",
                "nameserver fe80::1%nosuchinterface => 127.0.0.1:53",
                "nameservers 192.0.2.1 => 127.0.0.1:53",
                "'' => 127.0.0.1:53",
            })
    void onlyUsableServersAreTaken(String text, String expected) {
        assertThat(servers(text.replace("|", "\n"))).isEqualTo(expected);
    }

    @Test
    void windowsLinesAndOctetsBeyondAsciiDoNoHarm(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("resolv.conf");
        Files.write(file, new byte[] {(byte) 0xFF, '\n'});
        assertThat(ResolvConf.read(file).servers()).hasToString("[127.0.0.1:53]");
        Files.writeString(file, "nameserver 192.0.2.53\r\n");
        assertThat(ResolvConf.read(file).servers()).hasToString("[192.0.2.53:53]");
    }

    @Test
    void absentFileMeansTheServerOnThisHost(@TempDir Path folder) throws IOException {
        assertThat(ResolvConf.read(folder.resolve("absent")).servers()).hasToString("[127.0.0.1:53]");
    }

    @Test
    void onlyServersOnThisHostAreTrustedByDefault() {
        assertThat(DnsSettings.of(ResolvConf.parse("nameserver 127.0.0.1")).validation())
                .isEqualTo(new Validation.ByServers());
        assertThat(DnsSettings.of(ResolvConf.parse("nameserver ::1")).validation())
                .isEqualTo(new Validation.ByServers());
        assertThat(DnsSettings.of(ResolvConf.parse("nameserver 192.0.2.53")).validation())
                .isEqualTo(new Validation.Off());
        assertThat(DnsSettings.of(ResolvConf.parse("nameserver 127.0.0.1\nnameserver 192.0.2.53"))
                        .validation())
                .isEqualTo(new Validation.Off());
    }
}
