#ifndef SEQREC_JSON_H
#define SEQREC_JSON_H
/* json.h - a checking wrapper over cJSON for configs, manifests and checkpoint headers (never for event logs): the whole text must be one value,
 * no duplicate keys, depth at most 32, // comments allowed where asked, errors with their line. Values are read with cJSON's own functions. */

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A new tree (release with cJSON_Delete), or NULL with an error of `code` that begins "name:line: ". */
cJSON *json_parse(const char *text, size_t length, bool comments, const char *name, sr_code code, sr_error *err);
cJSON *json_read(const char *path, size_t limit, bool comments, sr_code code, sr_error *err);
cJSON *json_value(const char *text); /* one value, the whole of a short text; NULL without an error when it is none */

/* The line on which the value at `path` ("data.events[0].time") begins in the text it was parsed from; 0 when it is not there. */
size_t json_line(const char *text, size_t length, const char *path);

/* Typed reads of a member; false when it is absent or of another type. */
bool json_get_number(const cJSON *object, const char *key, double *value);
bool json_get_size(const cJSON *object, const char *key, size_t *value); /* a whole number from 0 to 2^53 */
const char *json_get_string(const cJSON *object, const char *key);       /* NULL when absent */

#ifdef __cplusplus
}
#endif
#endif
