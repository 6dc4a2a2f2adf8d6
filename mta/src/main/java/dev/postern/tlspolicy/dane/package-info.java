/// DANE for SMTP: TLSA records found, and matched with certificates (RFC 7672, RFC 7671, RFC 6698).
@NullMarked
package dev.postern.tlspolicy.dane;

import org.jspecify.annotations.NullMarked;
