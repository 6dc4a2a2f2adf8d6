/// Speaks to one SMTP or LMTP server: from the connection over TLS and AUTH to transactions, as few round trips as
/// the server permits.
///
/// A {@link SessionOpener} makes a connection and brings it to where mail can be sent; the {@link SmtpClient} that
/// comes of it sends one {@link Transmission} after the other and tells for each recipient what came of it. What a
/// server does is a value here, whatever it does: no method throws for it.
@NullMarked
package dev.postern.smtpclient;

import org.jspecify.annotations.NullMarked;
