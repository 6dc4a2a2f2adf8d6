package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Gives messages to a program, one run a recipient: the message on standard input, the verdict by the exit code;
/// used by any number of threads. The program runs in a process group of its own, which is killed at the time limit;
/// its environment holds nothing but `PATH`.
public final class PipeTransport implements Transport {
    private final PipeSettings settings;
    private final Events events;

    /// @throws IllegalArgumentException if this machine cannot give a program a process group
    public PipeTransport(PipeSettings settings, Events events) {
        if (!Files.isExecutable(ProgramRun.SET_SESSION)) {
            throw new IllegalArgumentException(
                    "a pipe needs " + ProgramRun.SET_SESSION + ", on Debian from the package util-linux");
        }
        this.settings = settings;
        this.events = events;
    }

    @Override
    public Carriage open() {
        return new Carriage() {
            @Override
            public List<DeliveryOutcome> carry(Consignment consignment) {
                return PipeTransport.this.carry(consignment);
            }

            @Override
            public void close() {
                // nothing is kept open between messages
            }
        };
    }

    private List<DeliveryOutcome> carry(Consignment consignment) {
        try {
            Set<String> seen = LocalStops.seen(consignment);
            return LocalStops.each(consignment, (_, route) -> deliver(consignment, route, seen));
        } catch (IOException e) {
            String why = "the content cannot be read: " + e.getMessage();
            return LocalStops.each(consignment, (_, _) -> LocalStops.deferred("4.3.0", why));
        }
    }

    private DeliveryOutcome deliver(Consignment consignment, Route.Local route, Set<String> seen) {
        if (seen.contains(route.inbox().toString().toLowerCase(Locale.ROOT))) {
            return LocalStops.failed("5.4.6", "the message has been given to " + route.inbox() + " before: a loop");
        }
        Optional<List<String>> arguments =
                settings.command().fill(consignment.message().reversePath(), route.inbox(), route.detail());
        if (arguments.isEmpty()) {
            return LocalStops.failed("5.1.3", "the address begins with a hyphen, which the program could misread");
        }
        long began = System.nanoTime();
        ProgramRun run;
        try {
            run = ProgramRun.start(
                    arguments.get(), out -> InboxCopy.write(consignment.message(), consignment.content(), route, out));
        } catch (IOException e) {
            tell(route, String.valueOf(e.getMessage()), "", began);
            return LocalStops.deferred("4.3.5", "the program cannot be started");
        }
        return switch (run.run(settings.timeLimit())) {
            case ProgramRun.End.Exited(int code) -> {
                if (code != 0) {
                    tell(route, "exit code " + code, run.output(), began);
                }
                yield ExitCode.outcome(code, run.output());
            }
            case ProgramRun.End.TimedOut() -> {
                tell(route, "killed at its time limit", run.output(), began);
                yield LocalStops.deferred(
                        "4.3.0",
                        "the program took longer than " + settings.timeLimit().toSeconds() + " s");
            }
            case ProgramRun.End.Broken(String why) -> {
                tell(route, "killed: " + why, run.output(), began);
                yield LocalStops.deferred("4.3.0", why);
            }
        };
    }

    private void tell(Route.Local route, String problem, String output, long began) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        events.emit(
                new TransportEvent.ProgramTrouble(settings.command().program(), route.inbox(), problem, output, took));
    }
}
