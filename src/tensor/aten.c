/* aten.c - finds and opens the shared object of the libtorch backend: loading it costs half a second and 160 MB, so only who asks for it pays. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seqrec/file.h"
#include "seqrec/text.h"
#include "tensor/front.h"

#define ATEN_FILE "libseqrec_aten.so"

#ifdef SEQREC_REAL_DOUBLE

const backend *aten_open(sr_error *err)
{
	error_set(err, SR_CONFIG, "the libtorch backend computes in f32 only");
	return NULL;
}

#else

static const front_services services = {
	.tensor_new = tensor_new, .fail = tensor_fail, .params_count = params_count, .params_get = params_get, .lane_touch = lane_touch,
	.lane_loss_add = lane_loss_add, .dropout_mask = dropout_mask, .error_set = error_set
};

/* The folder of the running program; "." where the system does not say. */
static char *program_folder(void)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	path[length > 0 ? length : 0] = '\0';
	return path_folder(path);
}

/* Opens the first that is there: $SEQREC_ATEN (a file), beside the program, in ../lib of it, or in the folder above it (a build's tests). */
static void *object_open(text *tried)
{
	const char *named = getenv("SEQREC_ATEN"), *const places[] = { ATEN_FILE, "../lib/" ATEN_FILE, "../" ATEN_FILE };
	char *folder = program_folder();
	void *object = NULL;
	for (size_t i = 0; !object && i < (named ? 1 : sizeof places / sizeof *places); i++) {
		char *path = named ? xstrdup(named) : path_join(folder, places[i]);
		object = file_exists(path) ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
		if (!object)
			text_addf(tried, "%s%s", tried->length ? "; " : "", file_exists(path) ? dlerror() : path);
		free(path);
	}
	free(folder);
	return object;
}

const backend *aten_open(sr_error *err)
{
	text tried = { 0 };
	void *object = object_open(&tried);
	const backend *found = NULL;
	aten_entry *entry = NULL;
	if (object)
		*(void **)&entry = dlsym(object, ATEN_ENTRY);
	if (entry)
		found = entry(&services, FRONT_LAYOUT);
	if (!object)
		error_set(err, SR_CONFIG, "the libtorch backend is not there (%s). Build it with a libtorch (-DSEQREC_TORCH=DIR), name the file in SEQREC_ATEN, or use "
			"the native backend.", tried.data);
	else if (!found)
		error_set(err, SR_CONFIG, "%s is of another build of this program: build both from one source", ATEN_FILE);
	text_free(&tried);
	return found;
}

#endif
