/**
 * What stands in when no cluster or database server is given: a Kubernetes API, an operator, and
 * real PostgreSQL servers. It knows nothing of the product's other rooms, and has a main of its
 * own.
 */
package mooring.local;
