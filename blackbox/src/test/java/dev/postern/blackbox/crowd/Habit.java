package dev.postern.blackbox.crowd;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How a client of a crowd behaves, each time that it comes.
///
/// @param name what it is called in figures
/// @param steps what it does, in turn; in the last one it stays until the server closes the connection
public record Habit(String name, List<Step> steps) {
    /// @throws IllegalArgumentException if there is no step to stay in
    public Habit {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a habit without steps");
        }
    }

    /// One thing that a client does.
    @SuppressWarnings("ArrayRecordComponent") // octets to be sent, never compared
    public sealed interface Step {
        /// Waits for a whole reply.
        record Hear() implements Step {}

        /// Sends these octets at once.
        record Say(byte[] octets) implements Step {}

        /// Sends nothing any more, and reads what comes.
        record Stay() implements Step {}

        /// Sends these octets again and again, and reads what comes.
        record Drip(byte[] octets, Duration every) implements Step {}

        /// Sends these octets as often as they are taken, and reads nothing.
        record Flood(byte[] octets) implements Step {}

        /// Resets the connection.
        record Leave() implements Step {}
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Step hear() {
        return new Step.Hear();
    }

    private static Step say(String lines) {
        return new Step.Say(ascii(lines));
    }

    private static Step drip(String text, Duration every) {
        return new Step.Drip(ascii(text), every);
    }

    /// Steps of a client whose sender and recipient were taken.
    private static List<Step> inTransaction(String recipient, Step... steps) {
        List<Step> all = new ArrayList<>(List.of(
                hear(),
                say("EHLO drip.test\r\n"),
                hear(),
                say("MAIL FROM:<drip@drip.test>\r\n"),
                hear(),
                say("RCPT TO:<" + recipient + ">\r\n"),
                hear()));
        all.addAll(List.of(steps));
        return all;
    }

    /// Comes, introduces itself, and waits.
    public static Habit idle() {
        return new Habit("idle", List.of(hear(), say("EHLO idle.test\r\n"), hear(), new Step.Stay()));
    }

    /// Comes and says nothing.
    public static Habit silent() {
        return new Habit("silent", List.of(hear(), new Step.Stay()));
    }

    /// Sends a command octet by octet.
    public static Habit drippingCommand(Duration every) {
        return new Habit("drips a command", List.of(hear(), say("EHLO "), drip("x", every)));
    }

    /// Sends a content octet by octet.
    ///
    /// @param recipient one that is taken
    public static Habit drippingData(String recipient, Duration every) {
        return new Habit("drips in DATA", inTransaction(recipient, say("DATA\r\n"), hear(), drip("x", every)));
    }

    /// Sends a chunk octet by octet.
    ///
    /// @param recipient one that is taken
    public static Habit drippingChunk(String recipient, Duration every) {
        return new Habit("drips in BDAT", inTransaction(recipient, say("BDAT 100000 LAST\r\n"), drip("x", every)));
    }

    /// Sends NOOP now and then.
    public static Habit drippingNoop(Duration every) {
        return new Habit("drips NOOP", List.of(hear(), say("EHLO drip.test\r\n"), hear(), drip("NOOP\r\n", every)));
    }

    /// Begins a TLS handshake behind STARTTLS and does not go on.
    public static Habit halfStartTls() {
        return new Habit(
                "half a handshake behind STARTTLS",
                List.of(
                        hear(),
                        say("EHLO half.test\r\n"),
                        hear(),
                        say("STARTTLS\r\n"),
                        hear(),
                        new Step.Say(halfHello()),
                        new Step.Stay()));
    }

    /// Begins a TLS handshake at once and goes on octet by octet.
    public static Habit drippingHandshake(Duration every) {
        return new Habit("drips in a handshake", List.of(new Step.Say(halfHello()), drip("x", every)));
    }

    /// Sends commands without end and reads no reply.
    public static Habit neverReading() {
        return new Habit("never reads", List.of(hear(), new Step.Flood(ascii("HELP\r\n".repeat(200)))));
    }

    /// Comes and leaves at once.
    public static Habit passingBy() {
        return new Habit("opens and leaves", List.of(new Step.Leave()));
    }

    /// A TLS record with the beginning of a ClientHello (RFC 8446 §4.1.2): much more is announced than comes.
    private static byte[] halfHello() {
        return new byte[] {0x16, 0x03, 0x01, 0x20, 0x00, 0x01, 0x00, 0x1f, (byte) 0xfc, 0x03, 0x03, 1, 2, 3, 4};
    }
}
