/// Carries one message one hop: by SMTP, by LMTP, into a Maildir, into a program.
@NullMarked
package dev.postern.transport;

import org.jspecify.annotations.NullMarked;
