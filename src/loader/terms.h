#ifndef LOADER_TERMS_H
#define LOADER_TERMS_H
/* terms.h - text -> terms: words in lower case (ASCII), Chinese and Japanese characters alone and in pairs. */

#include <stdbool.h>
#include <stddef.h>

enum { TERM_BYTES = 256 };

typedef struct {
	const char *at, *end;
	char pending[8]; /* the CJK character before, whose pair with the next one is still to come */
	size_t pending_length;
	char term[TERM_BYTES];
} terms;

terms terms_of(const char *bytes, size_t length);
/* The next term, in t->term; its length, or 0 at the end. Longer words are cut. */
size_t terms_next(terms *t);

#endif
