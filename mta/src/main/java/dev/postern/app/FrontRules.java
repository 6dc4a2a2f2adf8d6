package dev.postern.app;

import dev.postern.accounts.AccountBackEnd;
import dev.postern.app.config.Config;
import dev.postern.route.Directory;
import dev.postern.smtpserver.ClaimedUsers;
import dev.postern.smtpserver.Front;
import dev.postern.smtpserver.Intermediaries;
import dev.postern.smtpserver.Lookups;
import java.util.Optional;

/// What follows from the sections `[front]` and `[relay.etrn]` for sessions.
final class FrontRules {
    private FrontRules() {}

    /// The rules of a configuration.
    ///
    /// @param directory what every address means
    static Front of(Config config, AccountBackEnd accounts, Directory directory) {
        Config.Front front = config.front();
        Intermediaries intermediaries = new Intermediaries(
                front.balancers(), front.xclient().hosts(), front.xforward(), users(front, accounts));
        Optional<Lookups> lookups = front.lookups()
                ? Optional.of(
                        new Lookups(directory, config.domains().local().stream().findFirst()))
                : Optional.empty();
        return new Front(intermediaries, config.relay().etrn(), lookups);
    }

    private static ClaimedUsers users(Config.Front front, AccountBackEnd accounts) {
        return front.xclient().logins()
                ? login -> Optional.of(accounts.canonical(login))
                        .filter(user -> accounts.rights(user).isPresent())
                : ClaimedUsers.none();
    }
}
