package dev.postern.acme;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import dev.postern.tls.ChallengeIdentities;
import dev.postern.web.Page;
import dev.postern.web.Pages;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What is shown to authorities at this moment; written by the thread that orders, read by those of the web server.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8555 RFC 8555 §8
public final class ChallengeBoard implements Pages, ChallengeIdentities {
    private static final String FOLDER = "/.well-known/acme-challenge/";

    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final Map<DomainName, Identity> identities = new ConcurrentHashMap<>();
    private final TextRecords records;

    /// @param records where TXT records are added
    public ChallengeBoard(TextRecords records) {
        this.records = records;
    }

    /// Shows a proof; returns when the authority should find it.
    void show(Proof proof) throws IOException, InterruptedException {
        switch (proof) {
            case Proof.HttpPage(String token, String content) -> pages.put(token, content);
            case Proof.TlsCertificate(DomainName name, Identity identity) -> identities.put(name, identity);
            case Proof.TextRecord(DomainName record, String value) -> records.add(record, value);
        }
    }

    /// Shows it no longer.
    void withdraw(Proof proof) throws IOException, InterruptedException {
        switch (proof) {
            case Proof.HttpPage(String token, String _) -> pages.remove(token);
            case Proof.TlsCertificate(DomainName name, Identity _) -> identities.remove(name);
            case Proof.TextRecord(DomainName record, String value) -> records.remove(record, value);
        }
    }

    /// The page of a token; the media type is that of the standard's example.
    ///
    /// @rfc 8555 §8.3
    @Override
    public Optional<Page> page(Request request) {
        return request.path().startsWith(FOLDER)
                ? Optional.ofNullable(pages.get(request.path().substring(FOLDER.length())))
                        .map(content -> new Page("application/octet-stream", content))
                : Optional.empty();
    }

    @Override
    public Optional<Identity> identity(DomainName name) {
        return Optional.ofNullable(identities.get(name));
    }
}
