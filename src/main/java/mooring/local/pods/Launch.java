package mooring.local.pods;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a container is run on this machine.
 *
 * @param command with paths and addresses of this machine
 * @param environment all of it
 * @param workingDirectory beneath the Pod's directory or in one of its volumes
 * @param listening where it is told to listen
 * @param translation what the container's own words mean here
 * @param secrets values that no message may show
 */
record Launch(
    List<String> command,
    Map<String, String> environment,
    Path workingDirectory,
    Listening listening,
    Translation translation,
    Set<String> secrets) {}
