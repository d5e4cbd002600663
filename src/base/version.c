/* version.c - the version that the build was configured with. */
#include "seqrec/version.h"

const char *seqrec_version(void)
{
	return SEQREC_VERSION;
}
