/// What our zones should say for mail to come and go safely, what their name servers say, and when a certificate may be
/// shown because of it.
@NullMarked
package dev.postern.zonerecords;

import org.jspecify.annotations.NullMarked;
