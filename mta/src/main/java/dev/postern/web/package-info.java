/// HTTP: what this server fetches and posts, with everything bounded that another server could make large, slow or
/// misleading, and what it serves.
@NullMarked
package dev.postern.web;

import org.jspecify.annotations.NullMarked;
