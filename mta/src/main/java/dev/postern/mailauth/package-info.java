/// What the ways of authenticating mail share: the lists of tags that DKIM, DMARC and ARC are
/// written in, and the record of what DNS said to them.
@NullMarked
package dev.postern.mailauth;

import org.jspecify.annotations.NullMarked;
