package dev.postern.app;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.keys.KeyFile;
import dev.postern.mailauth.keys.Rotation;
import dev.postern.zonerecords.Publication;
import dev.postern.zonerecords.ServerFinding;
import dev.postern.zonerecords.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Rotates the keys of some domains: asks round after round, and changes the keys of each domain as soon as
/// all its name servers have the next ones. Used by one thread.
final class RotationRun {
    private final Rotation rotation;
    private final Publication publication;
    private final RotationVoice voice;
    private final Aftermath aftermath;
    private final Map<DomainName, List<Next>> pending = new LinkedHashMap<>();
    private final Map<Place, String> heard = new HashMap<>();

    /// @param rotation changes the keys
    /// @param publication asks the name servers
    /// @param voice tells how it goes on
    RotationRun(Rotation rotation, Publication publication, RotationVoice voice, Aftermath aftermath) {
        this.rotation = rotation;
        this.publication = publication;
        this.voice = voice;
        this.aftermath = aftermath;
    }

    /// What follows from a change of keys.
    ///
    /// @param reload tells a running server
    /// @param retirement how long the old records have to stay
    record Aftermath(Reload reload, Retirement retirement) {}

    /// Tells a running server to look at the keys again.
    @FunctionalInterface
    interface Reload {
        /// Whether one is running, which has done so.
        ///
        /// @throws IOException with a sentence for the administrator, if it goes on with the old keys
        boolean run() throws IOException;
    }

    /// One of the next keys.
    private record Next(KeyFile file, DkimKey key) {
        Optional<String> fault(List<String> records) {
            return records.size() == 1
                    ? key.faultOf(records.getFirst())
                    : Optional.of(records.size() + " records are there, where one should be");
        }
    }

    /// Where something is heard about a name.
    private record Place(String server, DomainName name) {}

    /// Makes the next keys of a domain, unless they wait already, and tells their records.
    void begin(DomainName domain) throws IOException {
        List<Next> next = new ArrayList<>();
        List<RotationVoice.Txt> records = new ArrayList<>();
        for (KeyFile file : rotation.begin(domain)) {
            DkimKey key = file.read(Optional.empty());
            next.add(new Next(file, key));
            records.add(new RotationVoice.Txt(file.record(), key.record()));
        }
        Path folder = Objects.requireNonNull(next.getFirst().file().path().getParent());
        voice.waiting(domain, folder, records);
        pending.put(domain, next);
    }

    /// The domains whose keys still wait.
    Set<DomainName> pending() {
        return Set.copyOf(pending.keySet());
    }

    /// Asks all name servers once, and changes the keys of the domains whose servers have the next ones.
    ///
    /// @throws IOException if keys cannot be changed, or the running server does not take them
    void round() throws IOException {
        for (DomainName domain : new LinkedHashSet<>(pending.keySet())) {
            List<Next> next = Objects.requireNonNull(pending.get(domain));
            boolean complete = true;
            for (Next one : next) {
                Survey<String> survey = publication.survey(one.file().record(), RecordType.TXT, domain, one::fault);
                survey.findings().forEach(finding -> tell(domain, finding));
                survey.trouble().ifPresent(why -> tell(domain, one.file().record(), why));
                complete &= survey.complete();
            }
            if (complete) {
                change(domain, next);
            }
        }
    }

    private void tell(DomainName domain, ServerFinding<String> finding) {
        Place place = new Place(finding.place(), finding.name());
        if (!finding.why().equals(heard.put(place, finding.why()))) {
            voice.heard(domain, finding);
        }
    }

    private void tell(DomainName domain, DomainName name, String trouble) {
        if (!trouble.equals(heard.put(new Place("", name), trouble))) {
            voice.trouble(domain, trouble);
        }
    }

    private void change(DomainName domain, List<Next> next) throws IOException {
        Rotation.Change change = rotation.change(domain);
        LocalDate until = aftermath.retirement().until(change.on());
        voice.changed(
                domain,
                next.stream().map(one -> one.file().record()).toList(),
                change.retired().stream().map(KeyFile::record).toList(),
                until);
        boolean running;
        try {
            running = aftermath.reload().run();
        } catch (IOException refused) {
            throw new IOException(
                    "the running server goes on with the keys of before: " + refused.getMessage()
                            + "\nMend that, and call this again",
                    refused);
        }
        voice.told(running);
        rotation.end(domain);
        pending.remove(domain);
    }
}
