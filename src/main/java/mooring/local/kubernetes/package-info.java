/**
 * A small Kubernetes API server for the embedded default: one process, one event loop, one file on
 * disk. It serves the resource types that the product uses with the semantics of the real server,
 * so that the code above it cannot tell the difference.
 */
package mooring.local.kubernetes;
