package dev.postern.acme;

import dev.postern.dns.DomainName;
import java.io.IOException;

/// Adds TXT records to our zones for a short time, and takes them away; used by one thread at a time. A name
/// may have several at once.
public interface TextRecords {
    /// Adds a record, and returns when whoever asks should find it.
    ///
    /// @throws IOException with a sentence, if that does not succeed
    void add(DomainName name, String value) throws IOException, InterruptedException;

    /// Takes a record away.
    ///
    /// @throws IOException with a sentence, if that does not succeed
    void remove(DomainName name, String value) throws IOException, InterruptedException;

    /// Can add none.
    static TextRecords none() {
        return new TextRecords() {
            @Override
            public void add(DomainName name, String value) throws IOException {
                throw new IOException("there is no way to publish " + name);
            }

            @Override
            public void remove(DomainName name, String value) {
                // Nothing was added.
            }
        };
    }
}
