/// From a recipient to what it means here and to its next hop: our inboxes, aliases, relay domains,
/// MX, smarthosts.
@NullMarked
package dev.postern.route;

import org.jspecify.annotations.NullMarked;
