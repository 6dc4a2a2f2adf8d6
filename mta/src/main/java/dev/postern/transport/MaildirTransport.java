package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.Route;
import dev.postern.smtp.Mailbox;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Puts messages into Maildirs; used by any number of threads.
///
/// The `.{detail}` folder of a subaddress is used where it exists, and never made: else every stranger could make
/// folders.
public final class MaildirTransport implements Transport {
    private static final int NAME_TRIES = 10;

    private final MaildirSettings settings;
    private final InstantSource clock;
    private final Events events;
    private final Maildir.Opening opening;
    private final String host;
    private final AtomicLong serial = new AtomicLong();

    /// The transport that writes to a real disk.
    public MaildirTransport(MaildirSettings settings, InstantSource clock, Events events) {
        this(settings, clock, events, Maildir::create);
    }

    MaildirTransport(MaildirSettings settings, InstantSource clock, Events events, Maildir.Opening opening) {
        this.settings = settings;
        this.clock = clock;
        this.events = events;
        this.opening = opening;
        this.host = settings.host().replace("/", "\\057").replace(":", "\\072");
    }

    @Override
    public Carriage open() {
        return new Carriage() {
            @Override
            public List<DeliveryOutcome> carry(Consignment consignment) {
                return MaildirTransport.this.carry(consignment);
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
            return LocalStops.each(
                    consignment,
                    (_, route) -> trouble(route.inbox(), settings.path().root(), e, consignment));
        }
    }

    private DeliveryOutcome deliver(Consignment consignment, Route.Local route, Set<String> seen) {
        if (seen.contains(route.inbox().toString().toLowerCase(Locale.ROOT))) {
            return LocalStops.failed("5.4.6", "the message has been in the inbox " + route.inbox() + " before: a loop");
        }
        Optional<Path> place = place(route);
        if (place.isEmpty()) {
            return LocalStops.failed("5.1.3", "the address is too long for the name of a directory");
        }
        Maildir maildir = new Maildir(settings.path().root(), place.get(), opening);
        try {
            add(maildir, consignment, route);
            return LocalStops.delivered("maildir");
        } catch (IOException e) {
            return trouble(route.inbox(), place.get(), e, consignment);
        }
    }

    private Optional<Path> place(Route.Local route) {
        Optional<Path> folder = settings.path().resolve(route.inbox(), route.detail());
        return folder.isPresent() && Files.isDirectory(folder.get())
                ? folder
                : settings.path().resolve(route.inbox(), Optional.empty());
    }

    private void add(Maildir maildir, Consignment consignment, Route.Local route) throws IOException {
        for (int i = 1; ; i++) {
            try {
                maildir.add(
                        uniqueName(), out -> InboxCopy.write(consignment.message(), consignment.content(), route, out));
                return;
            } catch (FileAlreadyExistsException taken) {
                if (i == NAME_TRIES) {
                    throw taken;
                }
            }
        }
    }

    /// A name that no other delivery has: seconds, microseconds, process, serial number and host.
    private String uniqueName() {
        Instant now = clock.instant();
        return "%d.M%06dP%dQ%d.%s"
                .formatted(
                        now.getEpochSecond(),
                        now.getNano() / 1000,
                        ProcessHandle.current().pid(),
                        serial.incrementAndGet(),
                        host);
    }

    /// Says what went wrong: the system's words and the path to the operator, a sentence without them to the sender.
    private DeliveryOutcome trouble(Mailbox inbox, Path maildir, IOException e, Consignment consignment) {
        events.emit(new TransportEvent.InboxTrouble(inbox, maildir, String.valueOf(e.getMessage())));
        return switch (DiskFault.of(e, maildir, consignment.message().size())) {
            case FULL -> LocalStops.deferred("4.3.1", "the disk of the inbox is full");
            case QUOTA -> LocalStops.deferred("4.2.2", "the inbox is over its quota");
            case OTHER -> LocalStops.deferred("4.3.0", "the inbox cannot be written to");
        };
    }
}
