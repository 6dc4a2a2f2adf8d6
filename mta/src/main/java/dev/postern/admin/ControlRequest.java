package dev.postern.admin;

import java.util.Map;

/// A command of the administrator: one line of JSON on the control socket.
///
/// @param command its name, such as `queue-list`
/// @param arguments its arguments by name
public record ControlRequest(String command, Map<String, String> arguments) {
    public ControlRequest {
        arguments = Map.copyOf(arguments);
    }
}
