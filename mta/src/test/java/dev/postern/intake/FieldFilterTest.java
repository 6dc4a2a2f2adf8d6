package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spool.SpoolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FieldFilterTest {
    record Filtered(String message, String stays, int removed) {}

    static List<Filtered> messages() {
        return List.of(
                new Filtered(
                        "A: 1\r\nSeal: evil\r\nB: 2\r\n\r\nSeal: evil\r\n", "A: 1\r\nB: 2\r\n\r\nSeal: evil\r\n", 1),
                new Filtered("Seal: evil\r\n\r\n", "\r\n", 1),
                new Filtered("Seal: evil\r\nSeal: evil\r\nSeal: good\r\n\r\n", "Seal: good\r\n\r\n", 2),
                new Filtered("sEAL \t: evil\r\n\tmore\r\n more\r\nB: 2\r\n\r\n", "B: 2\r\n\r\n", 1),
                new Filtered("Seal:\r\n evil\r\nB:\r\n\r\n", "B:\r\n\r\n", 1),
                new Filtered("Seal: good\r\n evil\r\n\r\n", "\r\n", 1),
                new Filtered("Seal: good\r\n more\r\n\r\nevil", "Seal: good\r\n more\r\n\r\nevil", 0),
                new Filtered("Sealed: evil\r\nSea: evil\r\nS\r\n\r\n", "Sealed: evil\r\nSea: evil\r\nS\r\n\r\n", 0),
                new Filtered("X: 1\r\n Seal: evil\r\n\r\n", "X: 1\r\n Seal: evil\r\n\r\n", 0),
                new Filtered("Seal x: evil\r\nSeal\r\nSeal \r\n\r\n", "Seal x: evil\r\nSeal\r\nSeal \r\n\r\n", 0),
                new Filtered("Seal: evil", "", 1),
                new Filtered("Seal: good", "Seal: good", 0),
                new Filtered("Sea", "Sea", 0),
                new Filtered("", "", 0),
                new Filtered("Seal: evil\nSeal: good\r\n\r\n", "\r\n", 1),
                new Filtered(
                        "Seal" + " ".repeat(200) + ": evil\r\n\r\n", "Seal" + " ".repeat(200) + ": evil\r\n\r\n", 0),
                new Filtered("Seal: " + "x".repeat(70_000) + "\r\n\tlong\r\nB: 2\r\n\r\n", "B: 2\r\n\r\n", 1));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void unwantedFieldsGoAndAllElseStaysHoweverTheOctetsCome(Filtered wanted) throws SpoolException {
        int longest = wanted.message().length() > 1000 ? 1 : wanted.message().length() + 1;
        for (int piece = 1; piece <= longest; piece++) {
            FieldFilter filter = new FieldFilter("seal", field -> field.text().contains("evil"));
            ByteArrayOutputStream stays = new ByteArrayOutputStream();
            byte[] octets = wanted.message().getBytes(StandardCharsets.ISO_8859_1);
            for (int at = 0; at < octets.length; at += piece) {
                filter.write(octets, at, Math.min(piece, octets.length - at), stays::write);
            }
            filter.finish(stays::write);
            assertThat(stays.toString(StandardCharsets.ISO_8859_1)).isEqualTo(wanted.stays());
            assertThat(filter.removed()).hasSize(wanted.removed());
        }
    }

    @Test
    void whatIsToldOfRemovedFieldsIsBounded() throws SpoolException {
        FieldFilter filter = new FieldFilter("Seal", field -> true);
        ByteArrayOutputStream stays = new ByteArrayOutputStream();
        byte[] octets = ("Seal: " + "x".repeat(5000) + "\r\n").repeat(50).getBytes(StandardCharsets.US_ASCII);
        filter.write(octets, 0, octets.length, stays::write);
        filter.finish(stays::write);
        assertThat(stays.size()).isZero();
        assertThat(filter.removed())
                .hasSize(10)
                .allSatisfy(told -> assertThat(told).hasSize(500));
    }
}
