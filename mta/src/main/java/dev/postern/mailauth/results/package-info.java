/// The Authentication-Results field (RFC 8601): what a server found out about who sent a message,
/// written for those behind it who trust it.
///
/// The field says things about what strangers have sent, in words of theirs, so every value is cut
/// to a length and quoted until it cannot mean anything but itself. Fields that claim to be ours
/// and are not must be taken out before ours is put in; {@link
/// dev.postern.mailauth.results.AuthenticationResults#claims} tells them.
@NullMarked
package dev.postern.mailauth.results;

import org.jspecify.annotations.NullMarked;
