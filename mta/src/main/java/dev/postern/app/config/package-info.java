/// The configuration file: one TOML file, read into records, every fault found at once with its
/// place and what to write instead. The rest of the product never sees the file.
@NullMarked
package dev.postern.app.config;

import org.jspecify.annotations.NullMarked;
