/// Reports that mail servers send each other about mail: DMARC aggregates, failed TLS sessions, complaints, failed
/// deliveries; each as a record that cannot be wrong, with its reader and, where we send it, its writer.
@NullMarked
package dev.postern.feedback;

import org.jspecify.annotations.NullMarked;
