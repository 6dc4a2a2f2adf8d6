package dev.postern.zonerecords;

import dev.postern.certificates.ActivationGuard;
import dev.postern.dns.Resolver;
import dev.postern.dns.TlsaRecord;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneUpdater;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Holds a new certificate back while a published TLSA record would make senders refuse it that keep to DANE, says
/// which record to publish, publishes it where a name server takes it from us, and waits until every authoritative
/// server has it and nobody keeps what was there before.
///
/// Whether DNSSEC vouches for the records is not asked: others may see what this machine cannot. Used by one thread at
/// a time.
///
/// @rfc 7671 §8.1
/// @rfc 7672 §8.4
public final class RolloverGuard implements ActivationGuard {
    /// How long what was found out is good for.
    static final Duration PAUSE = Duration.ofMinutes(2);

    private static final int MOST_REMEMBERED = 32;

    private final Names names;
    private final RolloverFolder folder;
    private final Ground ground;
    private final Map<RolloverLook.Pair, Last> last = new LinkedHashMap<>();

    /// What was ruled.
    private record Last(Ruling ruling, Instant until, String sent) {}

    /// What became of records that were sent.
    ///
    /// @param told the answers
    /// @param done whether one was taken
    private record Sent(String told, boolean done) {}

    /// Whose records are looked at, and where.
    ///
    /// @param resolver tells the exchangers of our domains
    /// @param publication asks the authoritative servers
    /// @param site who we are now
    public record Names(Resolver resolver, Publication publication, Supplier<Site.Names> site) {}

    /// What the guard goes by and acts on.
    ///
    /// @param updater changes zones, where it may
    public record Ground(ZoneUpdater updater, InstantSource clock, Events events) {}

    /// @param folder where is remembered what was seen while a certificate waits
    public RolloverGuard(Names names, Path folder, Ground ground) {
        this.names = names;
        this.folder = new RolloverFolder(folder);
        this.ground = ground;
    }

    @Override
    public Ruling mayShow(List<X509Certificate> shown, List<X509Certificate> fresh) {
        if (shown.isEmpty()) {
            return new Ruling.Allowed();
        }
        RolloverLook.Pair pair = new RolloverLook.Pair(shown, fresh);
        Instant now = ground.clock().instant();
        Last known = last.get(pair);
        if (known != null && now.isBefore(known.until())) {
            return known.ruling();
        }
        Last next = look(pair, now, Optional.ofNullable(known));
        last.remove(pair);
        if (last.size() >= MOST_REMEMBERED) {
            last.remove(last.keySet().iterator().next());
        }
        last.put(pair, next);
        return next.ruling();
    }

    private Last look(RolloverLook.Pair pair, Instant now, Optional<Last> before) {
        X509Certificate leaf = pair.fresh().getFirst();
        ExchangerNames hosts = new ExchangerNames(names.resolver(), names.site().get());
        List<TlsaInquiry.Heard> heard = RolloverLook.ask(
                new TlsaInquiry(names.resolver(), names.publication()),
                hosts.shownUnder(List.of(pair.shown().getFirst(), leaf)),
                pair,
                now);
        RolloverLook look = new RolloverLook(heard, pair, folder.isPublished(), now);
        RolloverRule.Step step = RolloverRule.step(look.sight(), folder.read(leaf), now);
        remember(leaf, step, look);
        return switch (step.stand()) {
            case RolloverStand.Free _ -> new Last(new Ruling.Allowed(), now, "");
            case RolloverStand.Overdue(String why) -> {
                ground.events().emit(new RolloverEvent.ShownAgainstDane(why));
                yield new Last(new Ruling.Allowed(), now, "");
            }
            case RolloverStand.Refused(String why) -> {
                Sent sent = publish(look, before.map(Last::sent).orElse(""));
                yield new Last(
                        new Ruling.NotYet("senders that keep to DANE would refuse it: " + why + ". Publish "
                                + String.join(" and ", look.lines()) + " beside what is there"),
                        sent.done() ? now : now.plus(PAUSE),
                        sent.told());
            }
            case RolloverStand.Settling(Instant until) ->
                new Last(
                        new Ruling.NotYet(
                                "all name servers have its TLSA record; others may keep what was there before until "
                                        + until.truncatedTo(ChronoUnit.SECONDS)),
                        until.isBefore(now.plus(PAUSE)) ? until : now.plus(PAUSE),
                        "");
            case RolloverStand.Untold(String why) ->
                new Last(
                        new Ruling.NotYet(
                                "not every name server tells whether a TLSA record stands against it: " + why),
                        now.plus(PAUSE),
                        "");
        };
    }

    private void remember(X509Certificate leaf, RolloverRule.Step step, RolloverLook look) {
        try {
            folder.note(look.heard());
            if (step.stand().isOpen()) {
                folder.forget(leaf);
            } else if (!step.memory().equals(folder.read(leaf))) {
                folder.write(leaf, step.memory(), look.now());
            }
        } catch (IOException e) {
            ground.events().emit(new RolloverEvent.MemoryLost(IoFault.sentence(e)));
        }
    }

    /// Publishes what is missing where a server takes it; the same answer is told once.
    ///
    /// @param before what was told before
    private Sent publish(RolloverLook look, String before) {
        StringBuilder told = new StringBuilder();
        boolean done = false;
        for (RecordChange<TlsaRecord> change : look.changes()) {
            Optional<UpdateAnswer> answer = new ZoneWriter(ground.updater()).write(change);
            answer.ifPresent(said -> told.append(change.name()).append(said));
            done |= answer.filter(UpdateAnswer.Done.class::isInstance).isPresent();
            if (answer.isPresent() && !before.contains(change.name().text() + answer.get())) {
                ground.events()
                        .emit(new RolloverEvent.RecordSent(
                                change.name(),
                                String.join(", ", change.lines()),
                                answer.get() instanceof UpdateAnswer.Done,
                                answer.get().words()));
            }
        }
        return new Sent(told.toString(), done);
    }
}
