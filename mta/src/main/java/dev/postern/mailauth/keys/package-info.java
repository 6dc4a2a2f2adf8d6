/// The folder of the keys that sign our mail, and their rotation.
///
/// | place in the folder | a key there |
/// |---|---|
/// | `SELECTOR._domainkey.DOMAIN.pem` | is active: it signs |
/// | `waiting/DOMAIN/SELECTOR._domainkey.DOMAIN.pem` | waits until its record is published |
/// | `retired/DATE/SELECTOR._domainkey.DOMAIN.pem` | has not signed since that day |
@NullMarked
package dev.postern.mailauth.keys;

import org.jspecify.annotations.NullMarked;
