/// Measurements of the built launcher beside other servers, on one machine and in one run.
///
/// {@link dev.postern.bench.beside.SideBySide} is what `bench/run` starts. Figures of a run can be
/// compared with each other, and with nothing else.
@NullMarked
package dev.postern.bench.beside;

import org.jspecify.annotations.NullMarked;
