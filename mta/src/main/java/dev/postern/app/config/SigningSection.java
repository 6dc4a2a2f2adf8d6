package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.arc.ArcSealer;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.dkim.DkimSigner;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.mailauth.keys.KeyFile;
import dev.postern.mailauth.keys.KeyFolder;
import dev.postern.message.MessageStamp;
import dev.postern.policy.Signers;
import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The section `[signing]`, and the active keys in the folder that it names.
final class SigningSection {
    private final Section section;
    private final Map<DomainName, List<SelectedKey>> keys = new LinkedHashMap<>();

    private SigningSection(Section section) {
        this.section = section;
    }

    /// Reads it.
    ///
    /// @param folder of the configuration file
    static Config.Signing read(Section section, Path folder) {
        boolean dkim = section.flag("dkim", true);
        boolean named = section.has("keys");
        Path keys = folder.resolve(section.string("keys").orElse("dkim"));
        SigningSection reading = new SigningSection(section);
        if (dkim && (named || Files.exists(keys))) {
            reading.readFolder(new KeyFolder(keys));
        }
        section.finish();
        return new Config.Signing(dkim, keys, reading.keys, reading.signers(), reading.sealers());
    }

    private void readFolder(KeyFolder folder) {
        try {
            folder.activeFiles().forEach(this::readKey);
        } catch (NoSuchFileException e) {
            section.fault("keys", "there is no folder " + folder.path());
        } catch (IOException e) {
            section.fault("keys", "the folder " + folder.path() + " cannot be read");
        }
    }

    private void readKey(Path path) {
        Optional<KeyFile> file = KeyFile.of(path);
        if (file.isEmpty()) {
            section.fault("keys", path + " is no name such as SELECTOR._domainkey.DOMAIN.pem");
            return;
        }
        try {
            DkimKey key = file.get().read(TlsProvider.best().provider());
            keys.computeIfAbsent(file.get().domain(), _ -> new ArrayList<>())
                    .add(new SelectedKey(file.get().selector(), key));
        } catch (AccessDeniedException e) {
            section.fault("keys", "the key " + path + " cannot be read: permission denied");
        } catch (IOException e) {
            section.fault("keys", String.valueOf(e.getMessage()));
        }
    }

    /// ARC knows RSA best: an Ed25519 key seals only where there is no other.
    private Map<DomainName, ArcSealer> sealers() {
        Map<DomainName, ArcSealer> sealers = new LinkedHashMap<>();
        keys.forEach((domain, selected) -> {
            SelectedKey key = selected.stream()
                    .filter(one -> one.key().algorithm() == DkimAlgorithm.RSA_SHA256)
                    .findFirst()
                    .orElse(selected.getFirst());
            sealers.put(domain, new ArcSealer(domain, key, SigningSettings.usual()));
        });
        return sealers;
    }

    private Signers signers() {
        Map<DomainName, MessageStamp> signers = new LinkedHashMap<>();
        keys.forEach(
                (domain, selected) -> signers.put(domain, new DkimSigner(domain, selected, SigningSettings.usual())));
        return new Signers(signers);
    }
}
