package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import mooring.local.kubernetes.ResourceType.Trait;
import mooring.local.kubernetes.StatusException.Cause;

/** What the API server refuses whatever the type: names, labels, forbidden changes. */
final class Validation {
  private static final int MAX_SUBDOMAIN = 253;
  private static final int MAX_LABEL = 63;
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern RFC1123_LABEL = Pattern.compile(LABEL);
  private static final Pattern RFC1123_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern RFC1035_LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

  private Validation() {}

  static void name(ResourceType type, String name) {
    if (name.isEmpty()) {
      throw StatusException.invalid(
          type, "", Cause.required("metadata.name", "name or generateName is required"));
    }
    if (type.has(Trait.RFC1035_NAME)) {
      check(
          type,
          name,
          RFC1035_LABEL,
          MAX_LABEL,
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
              + " an alphabetic character, and end with an alphanumeric character");
    } else if (type.has(Trait.LABEL_NAME)) {
      check(
          type,
          name,
          RFC1123_LABEL,
          MAX_LABEL,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
              + " and must start and end with an alphanumeric character");
    } else {
      check(
          type,
          name,
          RFC1123_SUBDOMAIN,
          MAX_SUBDOMAIN,
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
              + " or '.', and must start and end with an alphanumeric character");
    }
  }

  private static void check(
      ResourceType type, String name, Pattern pattern, int maxLength, String rule) {
    String why = null;
    if (name.length() > maxLength) {
      why = "must be no more than " + maxLength + " characters";
    } else if (!pattern.matcher(name).matches()) {
      why = rule;
    }
    if (why != null) {
      throw StatusException.invalid(type, name, Cause.invalid("metadata.name", quoted(name), why));
    }
  }

  /** Checks labels, and that nothing that may not change has changed. */
  static void object(ResourceType type, ObjectNode before, ObjectNode after) {
    String name = Meta.name(after);
    for (JsonNode label : after.path("metadata").path("labels")) {
      String value = label.asText();
      if (value.length() > MAX_LABEL || !LABEL_VALUE.matcher(value).matches()) {
        String why = "a valid label must be an empty string or consist of alphanumeric characters";
        throw StatusException.invalid(
            type, name, Cause.invalid("metadata.labels", quoted(value), why));
      }
    }
    if (type.kind().equals("Secret")) {
      secret(type, after);
    }
    if (type.kind().equals("StatefulSet")) {
      WorkloadValidation.statefulSet(type, before, after);
    }
    if (before != null) {
      if (type.kind().equals("PersistentVolumeClaim")) {
        WorkloadValidation.claim(type, before, after);
      }
      finalizers(type, before, after);
      immutable(type, before, after);
    }
  }

  /** Some types of Secret promise their keys. */
  private static void secret(ResourceType type, ObjectNode secret) {
    JsonNode data = secret.path("data");
    switch (secret.path("type").asText()) {
      case "kubernetes.io/basic-auth" -> {
        if (!data.has("username") && !data.has("password")) {
          throw missingKey(type, secret, "username");
        }
      }
      case "kubernetes.io/tls" -> {
        for (String key : List.of("tls.crt", "tls.key")) {
          if (!data.has(key)) {
            throw missingKey(type, secret, key);
          }
        }
      }
      default -> {}
    }
  }

  private static StatusException missingKey(ResourceType type, ObjectNode secret, String key) {
    return StatusException.invalid(
        type,
        Meta.name(secret),
        new Cause("FieldValueRequired", "Required value", "data[" + key + "]"));
  }

  private static void finalizers(ResourceType type, ObjectNode before, ObjectNode after) {
    List<String> old = Meta.finalizers(before);
    if (Meta.deleting(before) && !old.containsAll(Meta.finalizers(after))) {
      String why = "no new finalizers can be added if the object is being deleted";
      throw StatusException.invalid(
          type, Meta.name(after), Cause.forbidden("metadata.finalizers", why));
    }
  }

  private static void immutable(ResourceType type, ObjectNode before, ObjectNode after) {
    String field =
        switch (type.kind()) {
          case "Secret" -> "/type";
          case "Service" -> "/spec/clusterIP";
          default -> "";
        };
    if (!field.isEmpty() && !Objects.equals(before.at(field), after.at(field))) {
      String path = field.substring(1).replace('/', '.');
      throw StatusException.invalid(
          type, Meta.name(after), Cause.immutable(path, after.at(field).toString()));
    }
  }

  private static String quoted(String value) {
    return '"' + value + '"';
  }
}
