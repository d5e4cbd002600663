#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H
/* scratch.h - what unit tests share: cmocka, and a folder of the test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "seqrec/error.h"
#include "seqrec/file.h"

static char scratch[64];      /* the folder */
static char scratch_text[512]; /* the last path made by in_scratch */

static inline int scratch_set_up(void **state)
{
	(void)state;
	strcpy(scratch, "/tmp/seqrec_test_XXXXXX");
	return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_tear_down(void **state)
{
	(void)state;
	return folder_remove(scratch, NULL) ? 0 : -1;
}

/* A path in the folder, until the next call. */
static inline const char *in_scratch(const char *name)
{
	snprintf(scratch_text, sizeof scratch_text, "%s/%s", scratch, name);
	return scratch_text;
}

/* Fails with the error's text where there is one. */
static inline void assert_fine(const sr_error *err)
{
	if (err->code != SR_OK)
		fail_msg("%d: %s", (int)err->code, err->text);
}

/* The error has this code, and says `part`. */
static inline void assert_says(const sr_error *err, sr_code code, const char *part)
{
	if (err->code != code || !strstr(err->text, part))
		fail_msg("expected %d with \"%s\", got %d: %s", (int)code, part, (int)err->code, err->text);
}

#define SCRATCH_TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

#endif
