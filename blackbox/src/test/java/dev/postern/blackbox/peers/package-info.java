/// Foreign mail programs and the built launcher, each as an object that runs on loopback in a folder of a test.
///
/// The programs come from `dev/peers`, which unpacks Debian's packages beside the sources and runs them in namespaces
/// of their own; a test says with {@link dev.postern.blackbox.peers.Peers#require} which of them it needs. A driver is
/// made by a static `start`, is ready when that returns, and is ended with all its children by `close`. Inside, a
/// peer sees the folder that it was given as `/mnt`.
@NullMarked
package dev.postern.blackbox.peers;

import org.jspecify.annotations.NullMarked;
