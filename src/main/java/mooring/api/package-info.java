/**
 * HTTP: contracts bound to operations, authentication, the one place that writes responses, and the
 * management port. One package below per published API.
 */
package mooring.api;
