/* features.c - transforms.json of a trained model. */
#include "fuzz.h"

#include "seqrec/features.h"
#include "seqrec/file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *path;
	if (!path)
		path = path_join(fuzz_folder(), "transforms.json");
	fuzz_write(path, data, size);
	sr_error err = { 0 };
	features *f = features_load(fuzz_folder(), &err);
	must(f || err.code != SR_OK);
	if (f)
		(void)features_shape(f);
	features_free(f);
	return 0;
}
