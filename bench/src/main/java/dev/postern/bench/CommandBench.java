package dev.postern.bench;

import dev.postern.smtp.Command;
import dev.postern.smtp.CommandParser;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One command read: nanoseconds a line.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CommandBench {
    private final Dialect dialect = Dialect.of(Dialect.Protocol.SMTP, EnumSet.allOf(Extension.class));
    private final Reply reply = Reply.of(250, "2.1.5", "Recipient ok");

    /// The line, without its end.
    @Param({
        "EHLO mail.example.org",
        "MAIL FROM:<alice@example.org> SIZE=4096 BODY=8BITMIME",
        "RCPT TO:<bob@example.net>",
        "RCPT TO:<bob+tag@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2Btag@example.net",
        "DATA"
    })
    private String line = "";

    /// The command that the line is.
    @Benchmark
    public Command parse() {
        return CommandParser.parse(new Line(line.getBytes(StandardCharsets.ISO_8859_1), Line.Ending.CRLF), dialect);
    }

    /// A reply of one line, written.
    @Benchmark
    public byte[] reply() {
        return reply.toOctets();
    }
}
