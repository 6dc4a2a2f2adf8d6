package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.route.DomainPattern;
import dev.postern.route.SmarthostRule;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The sections `[smarthost.NAME]`: servers that take mail of ours on.
final class SmarthostSections {
    private static final int SUBMISSION_PORT = 587;
    private static final int IMPLICIT_TLS_PORT = 465;

    private final String name;
    private final Section section;
    private final Secrets secrets;
    private final NamedFiles files;

    private SmarthostSections(String name, Section section, Secrets secrets) {
        this.name = name;
        this.section = section;
        this.secrets = secrets;
        this.files = secrets.files();
    }

    /// Where passwords come from.
    ///
    /// @param environment gives the value of an environment variable, or null
    record Secrets(NamedFiles files, UnaryOperator<@Nullable String> environment) {}

    /// One of them.
    ///
    /// @param fallback whether it takes what cannot be delivered to the exchangers
    /// @param senders the domains of whose senders it takes the mail
    /// @param recipients the domains whose mail it takes; none of both: all
    record Smarthost(
            SmarthostSettings settings, boolean fallback, List<DomainName> senders, List<DomainName> recipients) {

        /// Which mail goes there.
        List<SmarthostRule> rules() {
            if (fallback) {
                return List.of();
            }
            if (senders.isEmpty() && recipients.isEmpty()) {
                return List.of(new SmarthostRule(new SmarthostRule.Mail.All(), Optional.of(settings)));
            }
            List<SmarthostRule> rules = new ArrayList<>();
            recipients.forEach(domain -> rules.add(new SmarthostRule(
                    new SmarthostRule.Mail.To(DomainPattern.exactly(domain)), Optional.of(settings))));
            senders.forEach(domain -> rules.add(new SmarthostRule(
                    new SmarthostRule.Mail.From(DomainPattern.exactly(domain)), Optional.of(settings))));
            return rules;
        }
    }

    /// Reads them, in the order of the file.
    static List<Smarthost> read(Section root, Secrets secrets) {
        List<Smarthost> smarthosts = new ArrayList<>();
        root.sections("smarthost", "NAME").forEach((name, section) -> {
            new SmarthostSections(name, section, secrets).smarthost().ifPresent(smarthosts::add);
            section.finish();
        });
        return smarthosts;
    }

    /// The hosts that prove who they are by settings of their own.
    static Set<Host> proven(List<Smarthost> smarthosts) {
        return smarthosts.stream()
                .map(Smarthost::settings)
                .filter(SmarthostSettings::mustBeProven)
                .map(SmarthostSettings::host)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Optional<Smarthost> smarthost() {
        Optional<Host> host = section.parsed("host", "a host name or an address", Endpoints::host);
        String tls = section.choice("tls", "starttls", List.of("starttls", "implicit", "opportunistic"));
        int port = section.number("port", tls.equals("implicit") ? IMPLICIT_TLS_PORT : SUBMISSION_PORT, 1, 65535);
        Optional<String> user = section.string("user");
        Optional<String> password = secret();
        boolean fallback =
                section.choice("use", "always", List.of("always", "fallback")).equals("fallback");
        List<DomainName> senders = section.domains("sender-domains");
        List<DomainName> recipients = section.domains("recipient-domains");
        if (host.isEmpty()) {
            if (!section.has("host")) {
                section.fault("host", "smarthost \"" + name + "\" needs \"host\"");
            }
            return Optional.empty();
        }
        if (section.has("user") != (section.has("password-file") || section.has("password-env"))) {
            section.fault(
                    "user",
                    "smarthost \"" + name + "\": \"user\" and \"password-file\" (or \"password-env\") belong together");
        }
        if (user.isPresent() != password.isPresent()) {
            return Optional.empty();
        }
        if (user.isPresent() && tls.equals("opportunistic")) {
            section.fault(
                    "tls",
                    "smarthost \"" + name
                            + "\": a login is sent only under TLS; write tls = \"starttls\" or \"implicit\"");
            return Optional.empty();
        }
        SmarthostSettings settings = new SmarthostSettings(
                name,
                host.get(),
                port,
                switch (tls) {
                    case "implicit" -> SmarthostSettings.Tls.IMPLICIT;
                    case "opportunistic" -> SmarthostSettings.Tls.OPPORTUNISTIC;
                    default -> SmarthostSettings.Tls.STARTTLS;
                },
                user.map(u -> new SmarthostSettings.Login(u, password.orElseThrow())));
        return Optional.of(new Smarthost(settings, fallback, senders, recipients));
    }

    private Optional<String> secret() {
        Optional<String> fromFile = section.string("password-file")
                .flatMap(name -> files.text(files.resolve(name), "the password"))
                .map(String::strip);
        Optional<String> variable = section.string("password-env");
        if (variable.isPresent()) {
            String value = secrets.environment().apply(variable.get());
            if (value == null) {
                section.fault("password-env", "the environment has no variable " + variable.get());
            }
            return Optional.ofNullable(value);
        }
        return fromFile;
    }
}
