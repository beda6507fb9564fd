package mooring.core;

/** What a refused value was for; each API's mapper knows its own name for it. */
public enum Field {
  NAME,
  ENGINE,
  VERSION,
  SIZE,
  PLACE,
  STORAGE,
  INSTANCES,
  SCOPES,
  MOMENT,
  PARAMETER,
  EXPIRY,
  ROLE,
  DATABASE,
  OWNER,
  PASSWORD
}
