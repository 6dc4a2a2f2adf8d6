package dev.postern.bench;

import dev.postern.wire.ContentScan;
import dev.postern.wire.ContentScanner;
import dev.postern.wire.ContentSink;
import dev.postern.wire.ContentWriter;
import dev.postern.wire.Deadline;
import dev.postern.wire.MemoryConnection;
import dev.postern.wire.Pace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Content of one message, read and written: microseconds a message.
///
/// A connection in memory copies the octets twice, as a socket does; what the system costs comes on top.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ContentBench {
    private static final Pace STALL = new Pace(Duration.ofMinutes(3), Pace.SLOWEST);
    private static final int LINE = 76;

    /// Octets of a message; more than the pipe of a connection in memory holds would block.
    @Param({"4096", "60000"})
    private int octets;

    private final ContentSink nowhere = (from, offset, length) -> {};
    private MemoryConnection.Pair pair = MemoryConnection.pair();
    private byte[] message = {};
    private byte[] wire = {};

    /// Writes a message of lines of base64.
    @Setup
    public void write() {
        byte[] line = new byte[LINE + 2];
        Arrays.fill(line, (byte) 'x');
        line[LINE] = '\r';
        line[LINE + 1] = '\n';
        message = new byte[octets / line.length * line.length];
        for (int at = 0; at < message.length; at += line.length) {
            System.arraycopy(line, 0, message, at, line.length);
        }
        byte[] end = ".\r\n".getBytes(StandardCharsets.US_ASCII);
        wire = Arrays.copyOf(message, message.length + end.length);
        System.arraycopy(end, 0, wire, message.length, end.length);
        pair = MemoryConnection.pair();
    }

    private static Deadline later() {
        return Deadline.after(STALL.stall());
    }

    /// The end found, dots undone, everything counted.
    @Benchmark
    public ContentScan read() throws IOException {
        pair.client().write(wire, later());
        pair.client().flush(later());
        return pair.server().readContent(nowhere, STALL, later());
    }

    /// The same octets as a chunk, where nothing is looked at: what the way alone costs.
    @Benchmark
    public long readAsChunk() throws IOException {
        pair.client().write(wire, later());
        pair.client().flush(later());
        pair.server().readChunk(wire.length, nowhere, STALL, later());
        return wire.length;
    }

    /// Counting alone.
    @Benchmark
    public ContentScan scan() {
        ContentScanner scanner = new ContentScanner();
        scanner.scan(message, 0, message.length);
        return scanner.result();
    }

    /// Checked and stuffed, and taken out again as a chunk.
    @Benchmark
    public long send() throws IOException {
        new ContentWriter(pair.client(), STALL.stall(), later()).sendDotted(new ByteArrayInputStream(message));
        pair.server().readChunk(wire.length, nowhere, STALL, later());
        return wire.length;
    }
}
