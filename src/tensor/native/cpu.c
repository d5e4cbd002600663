/* cpu.c - which kernels this CPU runs. */
#include <stdlib.h>
#include <string.h>

#include "tensor/native/kernels.h"

/* Fastest first. */
static const kernels *(*const variants[])(void) = { kernels_avx512, kernels_avx2, kernels_portable };
static const char *const names[] = { "avx512", "avx2", "portable" };
enum { VARIANTS = sizeof variants / sizeof *variants };

adam_kernel *adam_choose(void)
{
	const kernels *k = kernels_choose(NULL);
	return k ? k->adam : kernels_portable()->adam; /* no runtime opens either where SEQREC_CPU names what cannot run */
}

const kernels *kernels_choose(sr_error *err)
{
	const char *forced = getenv("SEQREC_CPU");
	for (int i = 0; i < VARIANTS; i++) {
		const kernels *table = forced && *forced && strcmp(forced, names[i]) != 0 ? NULL : variants[i]();
		if (table)
			return table;
	}
	error_set(err, SR_CONFIG, "SEQREC_CPU is \"%s\": this CPU cannot run that, or it is none of portable, avx2, avx512", forced ? forced : "");
	return NULL;
}
