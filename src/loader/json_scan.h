#ifndef LOADER_JSON_SCAN_H
#define LOADER_JSON_SCAN_H
/* json_scan.h - a streaming scanner over one JSON value: scalars are handed out with their dotted path, nothing is allocated, nothing is a tree. */

#include <stdbool.h>
#include <stddef.h>

#include "loader/reader.h"

enum { JSON_DEPTH = 32, JSON_PATH = 512, JSON_JOIN = 0x1f /* stands between the values of an array of scalars */ };

typedef struct json_scan json_scan;
struct json_scan {
	const char *at, *end;
	char *scratch;            /* for unescaped strings: as long as the text */
	size_t *scratch_used;
	void (*found)(json_scan *s, cell value); /* a scalar, or an array of scalars, at s->path; value.bytes is NULL for null */
	void *context;
	const char *stop_at;      /* the path of an array that is passed over and noted, or NULL */
	const char *array, *array_end; /* where that array stands: from behind its bracket to its closing bracket */
	const char *fault;
	char path[JSON_PATH];
	size_t path_length;
};

/* Scans one object; false with s->fault. s->at goes behind it. */
bool json_scan_object(json_scan *s);
void json_scan_space(json_scan *s);

#endif
