#ifndef LOADER_GZIP_H
#define LOADER_GZIP_H
/* gzip.h - inflates the members of a gzip file one after the other. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gzip gzip;
typedef enum { GZIP_OK, GZIP_DAMAGED, GZIP_TRAILING } gzip_state;

gzip *gzip_new(void);
/* Inflates from *in (advanced, *in_length lowered) until the output is full or the input is used up. */
gzip_state gzip_inflate(gzip *g, const unsigned char **in, size_t *in_length, char *out, size_t capacity, size_t *written);
bool gzip_pending(const gzip *g);         /* text that did not fit into the output is left, or damage to be told: call again, even without input */
bool gzip_at_border(const gzip *g);       /* between members: the file may end here */
const char *gzip_message(const gzip *g);  /* what is wrong with damaged data */
void gzip_free(gzip *g);                  /* NULL ok */

#endif
