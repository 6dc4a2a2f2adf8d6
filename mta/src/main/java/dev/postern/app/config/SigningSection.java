package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.arc.ArcSealer;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.dkim.DkimSigner;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.message.MessageStamp;
import dev.postern.policy.Signers;
import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The section `[signing]`, and the keys in the folder that it names: the file
/// `SELECTOR._domainkey.DOMAIN.pem` holds the key whose public half stands in DNS at that name.
final class SigningSection {
    private static final String SUFFIX = ".pem";
    private static final String BETWEEN = "._domainkey.";

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
            reading.readFolder(keys);
        }
        section.finish();
        return new Config.Signing(keys, reading.signers(), reading.sealers());
    }

    private void readFolder(Path folder) {
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            found.forEach(files::add);
        } catch (NoSuchFileException e) {
            section.fault("keys", "there is no folder " + folder);
        } catch (IOException e) {
            section.fault("keys", "the folder " + folder + " cannot be read");
        }
        files.forEach(this::readKey);
    }

    private void readKey(Path file) {
        String name = String.valueOf(file.getFileName());
        name = name.substring(0, name.length() - SUFFIX.length());
        int at = name.indexOf(BETWEEN);
        Optional<DomainName> selector = at < 0 ? Optional.empty() : DomainName.parse(name.substring(0, at));
        Optional<DomainName> domain =
                at < 0 ? Optional.empty() : DomainName.parse(name.substring(at + BETWEEN.length()));
        if (selector.isEmpty() || domain.isEmpty()) {
            section.fault("keys", file + " is no name such as SELECTOR._domainkey.DOMAIN.pem");
            return;
        }
        try {
            DkimKey key = DkimKey.parse(
                    Files.readString(file), file.toString(), TlsProvider.best().provider());
            keys.computeIfAbsent(domain.get(), _ -> new ArrayList<>()).add(new SelectedKey(selector.get(), key));
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
