package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustAnchorsTest {
    private static final String DS =
            ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n";

    @TempDir
    private Path folder;

    @Test
    void rootsKeysAreThoseThatIanaPublishes() {
        assertThat(TrustAnchors.ofTheRoot()).hasToString(". 20326, . 38696");
    }

    @Test
    void fileIsReadWithCommentsAndDoubles() throws IOException {
        Path file = Files.writeString(
                folder.resolve("anchors"), "; ours\n\n" + DS + DS + DS.replaceFirst("\\.", "example."));
        TrustAnchors anchors = TrustAnchors.read(file);
        assertThat(anchors).hasToString(". 20326, example. 20326");
        assertThat(TrustAnchors.parse(anchors.text())).isEqualTo(anchors);
        assertThat(anchors.nearest(SignedTree.name("mx.example."))).contains(SignedTree.name("example."));
        assertThat(anchors.nearest(SignedTree.name("other."))).contains(SignedTree.name("."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "; nothing\n",
                "nonsense\n",
                ". IN A 192.0.2.1\n",
                ". IN DS 20326 8 1 0123456789ABCDEF0123456789ABCDEF01234567\n",
                ". IN DNSKEY 385 3 8 AwEAAa==\n",
                ". IN DNSKEY 1 3 8 AwEAAa==\n",
                "$INCLUDE /etc/passwd\n"
            })
    void whatIsNoTrustAnchorIsRefused(String text) {
        assertThatIOException().isThrownBy(() -> TrustAnchors.parse(text));
    }

    @Test
    void tooManyAndTooLongAreRefused() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= 100; i++) {
            many.append("z").append(i).append(DS);
        }
        assertThatIOException().isThrownBy(() -> TrustAnchors.parse(many.toString()));
        Path file = Files.writeString(folder.resolve("long"), DS.repeat(1000));
        assertThatIOException().isThrownBy(() -> TrustAnchors.read(file)).withMessageContaining("too long");
        assertThatIOException().isThrownBy(() -> TrustAnchors.read(folder.resolve("absent")));
    }
}
